// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords

/// The lane for records with headers of their own, of other types, or that are awaited one at a time: each is parsed, then
/// appended.
struct SingleLane {
    /// How often places between two records are marked, in records.
    private static let markInterval = 100

    private var parser: RecordParser
    /// What the last record says.
    private var parsed = ParsedRecord()

    init(_ handover: Handover) {
        parser = RecordParser(handover.settings)
    }

    /// Hands over the records of a chunk; false when the producer takes no more.
    @available(*, noasync)
    mutating func send(_ chunk: Chunk, _ splitter: inout RecordSplitter, _ handover: inout Handover) -> Bool {
        var unmarked = 0
        while let record = splitter.next(in: chunk.bytes) {
            guard send(record, of: chunk, &handover) else {
                if handover.isNotTaken { splitter.handBack(record) }
                return false
            }
            unmarked &+= 1
            if unmarked == Self.markInterval {
                handover.mark(chunk.base &+ UInt64(splitter.start))
                unmarked = 0
            }
        }
        return true
    }

    /// Begins an input.
    mutating func begin(_ handover: Handover) {
        // What is wrong with columns that are known was found when they became so.
        try? parser.begin(handover.context)
    }

    /// Takes the first row of an input, which names the columns and is no record. Without these there is no record at all.
    private mutating func takeColumns(
        _ row: Range<Int>,
        of chunk: Chunk,
        _ handover: inout Handover
    ) throws(RecordFault) -> Bool {
        do throws(RecordFault) {
            handover.context.columns = try parser.columns(row, in: chunk.bytes)
            try parser.begin(handover.context)
            return true
        } catch {
            handover.abort()
            throw error
        }
    }

    /// Hands over one record, or refuses it; false when the producer takes no more.
    @available(*, noasync)
    mutating func send(_ record: Range<Int>, of chunk: Chunk, _ handover: inout Handover) -> Bool {
        do throws(RecordFault) {
            guard !parser.awaitsColumns else { return try takeColumns(record, of: chunk, &handover) }
            guard !record.isEmpty || !handover.settings.skipsEmpty else {
                handover.pass(record, in: chunk)
                return true
            }
            try parser.parse(record, in: chunk, into: &parsed)
            guard handover.waitForTurn(of: parsed.timestamp) else { return false }
            try append(record, of: chunk, &handover)
            handover.ordinal &+= 1
        } catch {
            handover.refuse(record, in: chunk, error)
            if parser.isOutOfStep { handover.abort() }
            guard !handover.isOver else { return false }
        }
        return handover.settings.isSync ? handover.flush() : true
    }

    @available(*, noasync)
    private mutating func append(
        _ record: Range<Int>,
        of chunk: Chunk,
        _ handover: inout Handover
    ) throws(RecordFault) {
        let partition = parsed.partition ?? handover.settings.partition
        let appender =
            if let topic = parsed.topic {
                try handover.appender(for: parser.scratch.span(of: topic, in: chunk.bytes), partition: partition)
            } else {
                try handover.appender(for: nil, partition: partition)
            }
        let details = RecordDetails(
            partition: partition,
            headers: parser.scratch.headers.isEmpty ? handover.fixedHeaders : parser.encodedHeaders(in: chunk.bytes),
            timestamp: parsed.timestamp ?? chunk.time,
            tag: RecordTag(number: handover.ordinal, offset: chunk.offset(of: record))
        )
        switch parser.append(parsed, of: chunk, details, to: appender) {
        case .appended: return
        case .full:
            handover.isInterrupted = true
            throw .outOfTime
        case .tooLarge(let size, let limit, let setting):
            throw .tooLarge(size: size, limit: limit, setting: setting)
        case .noSuchPartition(let partition): throw .noSuchPartition(appender.absence(ofPartition: partition))
        case .partitionStopped(let partition): throw .partitionStopped(partition)
        }
    }
}

extension RecordParser {
    /// Appends the record that was parsed last, waiting for memory; `.full` means that the wait was ended.
    @available(*, noasync)
    func append(
        _ parsed: ParsedRecord,
        of chunk: Chunk,
        _ details: borrowing RecordDetails,
        to appender: RecordAppender
    ) -> RecordAppender.Outcome {
        while true {
            let outcome = appender.append(
                key: chunk.bytes(of: parsed.key, or: scratch.key),
                value: chunk.bytes(of: parsed.value, or: scratch.value),
                details: details
            )
            guard outcome == .full, appender.waitForRoom() == .room else { return outcome }
        }
    }
}
