// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords

/// The fast lane for records with keys of their own: some thousand are parted by partition first, then each partition's are
/// appended under one lock, instead of taking a lock for each record.
struct KeyedLane {
    private let rule: KeyedRecords.Rule
    private let appender: RecordAppender
    /// Records that are about to be appended, by partition.
    private var gathered = KeyedRecords()
    /// How many bytes a record takes in the input, lately.
    private var usualSize = 0

    /// Nil when records need another lane.
    init?(_ handover: Handover) {
        let settings = handover.settings
        // After a failure the records of its partition must fail in the order of the input, one by one.
        guard case .delimited(let format) = settings.format, let separator = format.keySeparator,
            format.headers == nil, settings.key == nil, settings.keySerializer.isIdentity,
            settings.valueSerializer.isIdentity, !settings.isSync, settings.errorHandling != .stopPartition,
            let appender = handover.appender, appender.hashesKeys
        else { return nil }
        self.appender = appender
        rule = KeyedRecords.Rule(
            separator: separator,
            nullMarker: format.nullMarker,
            headersSize: handover.fixedHeaders.size,
            largestRecord: settings.longestRecord
        )
    }

    /// Which chunks it wants.
    private static let chunkRule = KeyedChunkRule()

    /// How much of the input makes a good chunk, in bytes.
    var chunkSize: Int { Self.chunkRule.size(partitions: gathered.partitions.count, usualRecord: usualSize) }

    /// Hands over the records of a chunk, those that have no key or can never be sent in the lane for odd ones; false when the
    /// producer takes no more.
    @available(*, noasync)
    mutating func send(
        _ chunk: Chunk,
        _ splitter: inout RecordSplitter,
        _ handover: inout Handover,
        odd singleLane: inout SingleLane
    ) -> Bool {
        while true {
            let start = splitter.start
            let end = gathered.gather(chunk.bytes, &splitter, rule, appender.keyedPartitions)
            if gathered.count > 0 { usualSize = (splitter.start - start) / gathered.count }
            guard appendGathered(chunk, &handover, &singleLane) else {
                if handover.isInterrupted, case .odd(let record) = end {
                    handover.refuse(record, in: chunk, .outOfTime)
                }
                return false
            }
            switch end {
            case .full:
                handover.mark(chunk.base &+ UInt64(splitter.start))
            case .endOfBytes:
                return true
            case .odd(let record):
                handover.mark(chunk.offset(of: record))
                guard singleLane.send(record, of: chunk, &handover) else { return false }
            }
        }
    }

    /// What is left of the gathered records, by their numbers, when those that could be are appended.
    private struct Rest {
        /// The number of the first gathered record over all inputs.
        let first: UInt64
        var refused: [(index: Int, fault: RecordFault)] = []
        /// They were gathered for other partitions than there are now: each finds its own, one by one.
        var moved: [Int] = []
    }

    /// Appends what was gathered, partition by partition; false when the producer takes no more.
    @available(*, noasync)
    private func appendGathered(
        _ chunk: Chunk,
        _ handover: inout Handover,
        _ singleLane: inout SingleLane
    ) -> Bool {
        var rest = Rest(first: handover.ordinal)
        let occupied = gathered.occupiedPartitions
        for index in occupied.indices { append(occupied[index], of: chunk, &handover, &rest) }
        rest.refused.sort { $0.index < $1.index }
        for (index, fault) in rest.refused {
            handover.ordinal = rest.first + UInt64(index)
            handover.refuse(gathered[index].record, in: chunk, fault)
        }
        for index in rest.moved.sorted() where !handover.isAborted {
            handover.ordinal = rest.first + UInt64(index)
            let record = gathered[index].record
            if handover.isInterrupted {
                handover.refuse(record, in: chunk, .outOfTime)
            } else {
                _ = singleLane.send(record, of: chunk, &handover)
            }
        }
        handover.ordinal = rest.first + UInt64(gathered.count)
        handover.waitForReceipts()
        return !handover.isOver
    }

    /// Appends what was gathered for one partition, run by run.
    @available(*, noasync)
    private func append(_ partition: Int32, of chunk: Chunk, _ handover: inout Handover, _ rest: inout Rest) {
        var next = gathered.first(of: Int(partition))
        while let first = next {
            if handover.isInterrupted {
                rest.refused.append((first, .outOfTime))
                next = gathered.next(after: gathered[first])
                continue
            }
            let outcome = appender.appendRun(
                to: gathered.partitions[partition],
                timestamp: chunk.time,
                headers: handover.fixedHeaders
            ) { run, output in
                append(from: &next, of: chunk, &rest, &run, &output)
            }
            switch outcome {
            case .goOn: break
            case .full: _ = handover.waitForRoom()
            case .partitionStopped, .noSuchPartition, .partitionsChanged:
                while let index = next {
                    rest.moved.append(index)
                    next = gathered.next(after: gathered[index])
                }
            }
        }
    }

    /// Appends records of one partition, from `next` on, until the run has no room; `next` is what comes then.
    private func append(
        from next: inout Int?,
        of chunk: Chunk,
        _ rest: inout Rest,
        _ run: inout RecordRun,
        _ output: inout OutputRawSpan
    ) {
        // In variables of its own, which nothing else can read, so that they stay in registers.
        let (bytes, base, table, marker) = (chunk.bytes, chunk.base, gathered.table, rule.nullMarker)
        let firstRecord = rest.first
        var current = next
        defer { next = current }
        while let index = current {
            let entry = table[index]
            let position = RecordTag(
                number: firstRecord &+ UInt64(index),
                offset: base &+ UInt64(entry.record.lowerBound)
            )
            let value: Span<UInt8>? =
                if bytes.isNull(entry.value, marker: marker) { nil } else { bytes.extracting(entry.value) }
            let outcome = run.append(key: bytes.extracting(entry.key), value: value, tag: position, into: &output)
            if outcome == .endOfRun { return }
            if let fault = run.fault(after: outcome) { rest.refused.append((index, fault)) }
            current = gathered.next(after: entry)
        }
    }
}
