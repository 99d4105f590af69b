// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords

/// The lane for dead letters: each record goes to the topic that it names, and is reported by itself. A bounded number of
/// records is under way.
struct LetterLane {
    private let log: ResendLog
    private let window: SendingWindow
    private var parser: RecordParser
    private var topics: TopicLanes

    init(_ producer: KafkaProducer, _ log: ResendLog, _ window: SendingWindow) {
        let configuration = producer.configuration
        var settings = RecordSettings()
        settings.format = .deadLetters(
            DeadLetterDecoder(longestRecord: min(configuration.maxRequestSize, configuration.bufferMemory))
        )
        parser = RecordParser(settings)
        topics = TopicLanes(producer)
        self.log = log
        self.window = window
    }

    /// Hands over the record of a line that lies at `range`, or counts it as failed; `range` is nil when the line was too long
    /// to be held. `ticket` gets what becomes of the line.
    ///
    /// - Returns: Why that can be done for no line at all, this one included.
    @available(*, noasync)
    mutating func send(
        _ line: DeadLetterLine,
        at range: Range<Int>?,
        of chunk: Chunk,
        _ ticket: ResentFiles.Ticket
    ) -> ProducerError? {
        log.read()
        let parsed: ParsedRecord
        do throws(RecordFault) {
            guard let range else { throw .letter(.tooLong) }
            parsed = try parser.parse(range, in: chunk)
        } catch {
            log.refused(error, line, bytes: range.map { chunk.bytes.copy($0) })
            ticket.settled(isFailed: true)
            return nil
        }
        let letter = DeadLetterDecoder.Letter(record: parser.record(parsed, in: chunk), origin: parsed.origin)
        do throws(ProducerError) {
            try append(parsed, letter, line, of: chunk, ticket)
        } catch {
            guard log.news.hasConnected, error.code != .closed, error.code != .interrupted else {
                log.notTaken()
                return error
            }
            log.failed(letter, line, error)
            ticket.settled(isFailed: true)
        }
        return nil
    }

    /// - Throws: ``ProducerError`` when the record was not taken.
    @available(*, noasync)
    private mutating func append(
        _ parsed: ParsedRecord,
        _ letter: DeadLetterDecoder.Letter,
        _ line: DeadLetterLine,
        of chunk: Chunk,
        _ ticket: ResentFiles.Ticket
    ) throws(ProducerError) {
        let (record, size) = (letter.record, letter.record.contentSize)
        let appender = try topics.appender(for: record.topic, partition: record.partition)
        window.enter(bytes: size)
        let details = RecordDetails(
            partition: record.partition,
            headers: record.headers.isEmpty ? .none : parser.encodedHeaders(in: chunk.bytes),
            timestamp: record.timestamp ?? chunk.time
        ) { [log, window] result in
            log.ended(letter, line, result)
            if case .success = result { ticket.settled(isFailed: false) } else { ticket.settled(isFailed: true) }
            window.leave(bytes: size)
        }
        let outcome = parser.append(parsed, of: chunk, details, to: appender)
        guard outcome != .appended else { return }
        window.leave(bytes: size)
        throw appender.error(of: outcome)
            ?? ProducerError(.interrupted, message: "the wait for memory was ended before the record could be sent")
    }
}

extension DeadLetterDecoder.Refusal {
    /// Of a line that is longer than any record.
    fileprivate static let tooLong = DeadLetterDecoder.Refusal(
        kind: .producer(.recordTooLarge),
        message: "the line is longer than any record that max.request.size allows; raise max.request.size"
    )
}
