// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords

/// The lane for dead letters: each record goes to the topic that it names. What becomes of them is reported a batch at a time,
/// by the positions that they carry.
struct LetterLane {
    private let log: ResendLog
    private var parser: RecordParser
    /// The input that the record before came from at first: most come from one.
    private var input: (bytes: [UInt8], name: String) = ([], "")

    init(_ configuration: ProducerConfiguration, _ log: ResendLog) {
        var settings = RecordSettings()
        settings.format = .deadLetters(
            DeadLetterDecoder(longestRecord: min(configuration.maxRequestSize, configuration.bufferMemory))
        )
        parser = RecordParser(settings)
        self.log = log
    }

    /// Hands over the record of a line that lies at `range`, or counts it as failed; `range` is nil when the line was too long
    /// to be held. `position` is that of the line over all
    /// files.
    ///
    /// - Returns: Why that can be done for no line at all, this one included.
    @available(*, noasync)
    mutating func send(
        _ line: DeadLetterLine,
        at range: Range<Int>?,
        of chunk: Chunk,
        _ position: RecordPosition,
        _ topics: inout TopicLanes
    ) -> ProducerError? {
        let parsed: ParsedRecord
        do throws(RecordFault) {
            guard let range else { throw .letter(.tooLong) }
            parsed = try parser.parse(range, in: chunk)
        } catch {
            log.refused(error, line, bytes: range.map { chunk.bytes.copy($0) })
            return nil
        }
        do throws(ProducerError) {
            try append(parsed, of: chunk, position, &topics)
        } catch {
            guard log.news.hasConnected, error.code != .closed, error.code != .interrupted else { return error }
            let origin = parsed.origin.map { place(of: $0, in: chunk) }
            log.failed(parser.record(parsed, in: chunk), from: origin, line, error)
        }
        return nil
    }

    /// - Throws: ``ProducerError`` when the record was not taken.
    @available(*, noasync)
    private mutating func append(
        _ parsed: ParsedRecord,
        of chunk: Chunk,
        _ position: RecordPosition,
        _ topics: inout TopicLanes
    ) throws(ProducerError) {
        guard let topic = parsed.topic else { return }
        let appender = try topics.appender(
            for: parser.scratch.span(of: topic, in: chunk.bytes),
            partition: parsed.partition
        )
        // Before the record goes: its batch may fail at once.
        log.origins.append(
            LetterOrigins.Origin(
                line: position.line,
                place: parsed.origin.map { place(of: $0, in: chunk) },
                hasTimestamp: parsed.timestamp != nil
            )
        )
        let details = RecordDetails(
            partition: parsed.partition,
            headers: parser.scratch.headers.isEmpty ? .none : parser.encodedHeaders(in: chunk.bytes),
            timestamp: parsed.timestamp ?? chunk.time,
            position: position
        )
        let outcome = parser.append(parsed, of: chunk, details, to: appender)
        guard outcome != .appended else { return }
        throw appender.error(of: outcome)
            ?? ProducerError(.interrupted, message: "the wait for memory was ended before the record could be sent")
    }

    /// Where a record came from; the input's name is made anew only when it is another one.
    private mutating func place(of origin: OriginPlace, in chunk: Chunk) -> InputPlace {
        if !parser.scratch.span(of: origin.file, in: chunk.bytes).isEqual(to: input.bytes) {
            let bytes = parser.scratch.bytes(of: origin.file, in: chunk.bytes)
            input = (bytes, String(decoding: bytes, as: UTF8.self))
        }
        return InputPlace(input: input.name, line: origin.line, offset: origin.offset)
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
