// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol
import KafkaRecords

/// The fast way for records with keys of their own: some thousand are parted by partition first, then each partition's
/// are appended under one lock, instead of taking a lock for each record.
extension RecordSink {
    /// Hands over the records of a chunk; false when the producer takes no more.
    @available(*, noasync)
    mutating func sendByKey(
        _ separator: BytePattern,
        _ bytes: Span<UInt8>,
        _ base: UInt64,
        _ splitter: inout RecordSplitter,
        _ now: Int64
    ) -> Bool {
        while true {
            let end = gather(separator, bytes, &splitter)
            guard appendGathered(bytes, base, now) else {
                if isInterrupted, case .odd(let record) = end { refuse(.outOfTime, record, bytes, base, now) }
                return false
            }
            switch end {
            case .full:
                mark(base &+ UInt64(splitter.start))
            case .endOfBytes:
                return true
            case .odd(let record):
                mark(base &+ UInt64(record.lowerBound))
                guard sendOne(record, bytes, base, now) else { return false }
            }
        }
    }

    private mutating func gather(
        _ separator: BytePattern,
        _ bytes: Span<UInt8>,
        _ splitter: inout RecordSplitter
    ) -> KeyedRecords.End {
        let rule = KeyedRecords.Rule(
            separator: separator,
            nullMarker: template.format.nullMarker,
            headersSize: fixedHeaders.size,
            largestRecord: template.longestRecord
        )
        return gathered.gather(bytes, &splitter, rule, appender.keyedPartitions)
    }

    /// Appends what was gathered, partition by partition; false when the producer takes no more.
    @available(*, noasync)
    private mutating func appendGathered(_ bytes: Span<UInt8>, _ base: UInt64, _ now: Int64) -> Bool {
        let records = gathered
        var refused: [(index: Int, fault: RecordFault)] = []
        var rest: [Int] = []
        for partition in 0..<Int(records.partitions.count) {
            var next = records.first(of: partition)
            while let first = next {
                if isInterrupted {
                    refused.append((first, .outOfTime))
                    next = records.next(after: records[first])
                    continue
                }
                let outcome = appender.appendRun(
                    to: records.partitions[Int32(partition)],
                    timestamp: now,
                    headers: fixedHeaders
                ) { run, output in
                    append(from: &next, of: records, bytes, base, &refused, &run, &output)
                }
                switch outcome {
                case .goOn: break
                case .full: isInterrupted = appender.waitForRoom() == .interrupted
                case .partitionStopped, .noSuchPartition, .partitionsChanged:
                    // They were gathered for other partitions than there are now: each finds its own, one by one.
                    while let index = next {
                        rest.append(index)
                        next = records.next(after: records[index])
                    }
                }
            }
        }
        let first = ordinal
        refused.sort { $0.index < $1.index }
        for (index, fault) in refused {
            ordinal = first + UInt64(index)
            refuse(fault, records[index].record, bytes, base, now)
        }
        for index in rest.sorted() where !isAborted {
            ordinal = first + UInt64(index)
            let record = records[index].record
            if isInterrupted {
                refuse(.outOfTime, record, bytes, base, now)
            } else {
                _ = sendOne(record, bytes, base, now)
            }
        }
        ordinal = first + UInt64(records.count)
        waitForReceipts()
        return !isAborted && !isInterrupted
    }

    private mutating func refuse(
        _ fault: RecordFault,
        _ record: Range<Int>,
        _ bytes: Span<UInt8>,
        _ base: UInt64,
        _ now: Int64
    ) {
        refuse(fault, offset: base &+ UInt64(record.lowerBound), record, bytes, now)
    }

    /// Appends records of one partition, from `next` on, until the run has no room; `next` is what comes then.
    private func append(
        from next: inout Int?,
        of records: KeyedRecords,
        _ bytes: Span<UInt8>,
        _ base: UInt64,
        _ refused: inout [(index: Int, fault: RecordFault)],
        _ run: inout RecordRun,
        _ output: inout OutputRawSpan
    ) {
        let marker = template.format.nullMarker
        var rest = next
        defer { next = rest }
        while let index = rest {
            let entry = records[index]
            let offset = base &+ UInt64(entry.record.lowerBound)
            let position = RecordPosition(line: ordinal &+ UInt64(index), offset: offset)
            let value: Span<UInt8>? =
                if bytes.isNull(entry.value, marker: marker) { nil } else { bytes.extracting(entry.value) }
            let outcome = run.append(key: bytes.extracting(entry.key), value: value, position: position, into: &output)
            if outcome == .endOfRun { return }
            if let fault = run.fault(after: outcome) { refused.append((index, fault)) }
            rest = records.next(after: entry)
        }
    }
}
