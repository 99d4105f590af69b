// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The fast lane for records that are their values alone, with one key for all or none: one lock for as many records as the
/// open batch takes.
struct RunLane {
    /// Whether all records have the key.
    private let isKeyed: Bool
    private let appender: RecordAppender
    private let key: [UInt8]
    /// Whether that key's hash chooses the partition.
    private let hashesKey: Bool
    private let nullMarker: [UInt8]?

    /// Nil when records need another lane.
    init?(_ handover: Handover) {
        let settings = handover.settings
        guard let appender = handover.appender, case .delimited(let format) = settings.format, format.isValueOnly,
            settings.valueSerializer.isIdentity,
            !settings.isSync
        else { return nil }
        isKeyed = settings.key != nil
        guard appender.takesRuns(keyed: isKeyed) || isKeyed && appender.hashesKeys else { return nil }
        self.appender = appender
        key = settings.key ?? []
        hashesKey = isKeyed && appender.hashesKeys
        nullMarker = format.nullMarker
    }

    /// How far the records of a chunk are handed over.
    fileprivate struct Cursor {
        var next: Range<Int>?
        var splitter: RecordSplitter
        var ordinal: UInt64
    }

    /// Why a record can never be sent.
    private typealias Refusal = (fault: RecordFault, record: Range<Int>)

    /// Hands over the records of a chunk; false when the producer takes no more.
    @available(*, noasync)
    func send(_ chunk: Chunk, _ splitter: inout RecordSplitter, _ handover: inout Handover) -> Bool {
        // The records of one key have one partition.
        var partition = partitionOfKey(appender)
        var cursor = Cursor(next: splitter.next(in: chunk.bytes), splitter: splitter, ordinal: handover.ordinal)
        defer { splitter = cursor.splitter }
        while cursor.next != nil {
            var refusal: Refusal?
            let outcome = appender.appendRun(
                to: partition,
                timestamp: chunk.time,
                headers: handover.fixedHeaders
            ) { run, output in
                refusal = append(chunk, &cursor, &run, &output)
            }
            handover.ordinal = cursor.ordinal
            if let refusal {
                handover.refuse(refusal.record, in: chunk, refusal.fault)
                guard !handover.isAborted else { return false }
                cursor.pass(in: chunk, handover)
            }
            if let next = cursor.next { handover.mark(chunk.offset(of: next)) }
            handover.waitForReceipts()
            if outcome == .partitionsChanged { partition = partitionOfKey(appender) }
            guard let next = cursor.next, let fault = fault(after: outcome, &handover) else { continue }
            handover.refuse(next, in: chunk, fault)
            guard !handover.isOver else { return false }
            cursor.pass(in: chunk, handover)
        }
        return true
    }

    private func partitionOfKey(_ appender: RecordAppender) -> KeyedPartition? {
        guard hashesKey else { return nil }
        return appender.keyedPartitions.partition(forKey: key.span)
    }

    /// Why the next record cannot be handed over after a run that came to this, if it cannot; waits for memory.
    @available(*, noasync)
    private func fault(after outcome: RecordAppender.RunOutcome, _ handover: inout Handover) -> RecordFault? {
        switch outcome {
        case .goOn, .partitionsChanged: nil
        case .full: handover.waitForRoom() ? nil : .outOfTime
        case .partitionStopped(let partition): .partitionStopped(partition)
        case .noSuchPartition(let partition): .noSuchPartition(appender.absence(ofPartition: partition))
        }
    }

    /// Appends records from the cursor's next on, until the run has no room or one can never be sent.
    @inline(__always)
    private func append(
        _ chunk: Chunk,
        _ cursor: inout Cursor,
        _ run: inout RecordRun,
        _ output: inout OutputRawSpan
    ) -> Refusal? {
        let bytes = chunk.bytes
        // In variables of its own, which nothing else can read, so that they stay in registers.
        let (base, isKeyed, marker) = (chunk.base, isKeyed, nullMarker)
        var (rest, lines, number) = (cursor.next, cursor.splitter, cursor.ordinal)
        defer { (cursor.next, cursor.splitter, cursor.ordinal) = (rest, lines, number) }
        while let record = rest {
            let position = RecordTag(number: number, offset: base &+ UInt64(record.lowerBound))
            let outcome: RecordRun.Outcome
            let isNull = bytes.isNull(record, marker: marker)
            if isKeyed || isNull {
                let value: Span<UInt8>? = if isNull { nil } else { bytes.extracting(record) }
                let key: Span<UInt8>? = if isKeyed { key.span } else { nil }
                outcome = run.append(key: key, value: value, tag: position, into: &output)
            } else {
                outcome = run.append(value: bytes.extracting(record), tag: position, into: &output)
            }
            guard outcome == .appended else { return run.fault(after: outcome).map { ($0, record) } }
            number &+= 1
            rest = lines.next(in: bytes)
        }
        return nil
    }
}

extension RunLane.Cursor {
    /// Goes on behind a record that was refused.
    fileprivate mutating func pass(in chunk: Chunk, _ handover: Handover) {
        next = splitter.next(in: chunk.bytes)
        ordinal = handover.ordinal
    }
}
