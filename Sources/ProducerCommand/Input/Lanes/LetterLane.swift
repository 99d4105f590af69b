// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords

/// The lane for dead letters: each record goes to the topic that it names. What becomes of them is reported a batch at a time,
/// by the positions that they carry.
struct LetterLane {
    private let log: ResendLog
    private var parser: RecordParser
    /// What the last letter says.
    private var parsed = ParsedRecord()
    /// The input that the record before came from at first, as ``LetterOrigins`` numbers it: most come from one.
    private var input: (bytes: [UInt8], number: Int)?

    init(_ configuration: ProducerConfiguration, _ log: ResendLog) {
        var settings = RecordSettings()
        settings.format = .deadLetters(
            DeadLetterDecoder(longestRecord: min(configuration.maxRequestSize, configuration.bufferMemory))
        )
        parser = RecordParser(settings)
        self.log = log
    }

    /// Hands over the record of a line that lies at `range`, or counts it as failed; `range` is nil when the line was too long
    /// to be held. `position` is that of the line over all files.
    ///
    /// - Returns: Why that can be done for no line at all, this one included.
    @available(*, noasync)
    mutating func send(
        _ position: RecordTag,
        at range: Range<Int>?,
        of chunk: Chunk,
        _ topics: inout TopicLanes
    ) -> ProducerError? {
        do throws(RecordFault) {
            guard let range else { throw .letter(.tooLong) }
            try parser.parse(range, in: chunk, into: &parsed)
        } catch {
            log.refused(error, position, bytes: range.map { chunk.bytes.copy($0) })
            return nil
        }
        do throws(ProducerError) {
            try append(from: chunk, position, &topics)
        } catch {
            guard log.news.hasConnected, error.code != .closed, error.code != .interrupted else { return error }
            let origin = parsed.origin.map { origin in
                let name = String(decoding: parser.scratch.bytes(of: origin.file, in: chunk.bytes), as: UTF8.self)
                return InputPlace(input: name, line: origin.line, offset: origin.offset)
            }
            log.failed(parser.record(parsed, in: chunk), from: origin, position, error)
        }
        return nil
    }

    /// - Throws: ``ProducerError`` when the record was not taken.
    @available(*, noasync)
    private mutating func append(
        from chunk: Chunk,
        _ position: RecordTag,
        _ topics: inout TopicLanes
    ) throws(ProducerError) {
        guard let topic = parsed.topic else { return }
        let appender = try topics.appender(
            for: parser.scratch.span(of: topic, in: chunk.bytes),
            partition: parsed.partition
        )
        // Before the record goes: its batch may fail at once.
        log.origins.append(
            LetterOrigins.Letter(
                line: position.number,
                input: parsed.origin.map { number(of: $0.file, in: chunk) },
                record: parsed.origin?.line ?? 0,
                offset: parsed.origin?.offset ?? 0,
                hasTimestamp: parsed.timestamp != nil
            )
        )
        let details = RecordDetails(
            partition: parsed.partition,
            headers: parser.scratch.headers.isEmpty ? .none : parser.encodedHeaders(in: chunk.bytes),
            timestamp: parsed.timestamp ?? chunk.time,
            tag: position
        )
        let outcome = parser.append(parsed, of: chunk, details, to: appender)
        guard outcome != .appended else { return }
        throw appender.error(of: outcome)
            ?? ProducerError(.interrupted, message: "the wait for memory was ended before the record could be sent")
    }

    /// The number of the input of that name.
    private mutating func number(of name: TextPlace, in chunk: Chunk) -> Int {
        if let input, parser.scratch.span(of: name, in: chunk.bytes).isEqual(to: input.bytes) { return input.number }
        let bytes = parser.scratch.bytes(of: name, in: chunk.bytes)
        let number = log.origins.number(ofInput: String(decoding: bytes, as: UTF8.self))
        input = (bytes, number)
        return number
    }
}

extension Span where Element == UInt8 {
    /// Whether these are the same bytes.
    fileprivate func isEqual(to other: [UInt8]) -> Bool { count == other.count && hasBytes(other, at: 0) }
}

extension DeadLetterDecoder.Refusal {
    /// Of a line that is longer than any record.
    fileprivate static let tooLong = DeadLetterDecoder.Refusal(
        kind: .producer(.recordTooLarge),
        message: "the line is longer than any record that max.request.size allows; raise max.request.size"
    )
}
