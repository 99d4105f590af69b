// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Sends the records of dead letters, a bounded number of them at once.
struct LetterSender {
    private let producer: KafkaProducer
    private let log: ResendLog
    private let window: SendingWindow
    private let decoder: DeadLetterDecoder
    /// Topics that have taken a record.
    private var knownTopics: Set<String> = []
    /// Topics that did not become known in time: no other record waits for them that long.
    private var missingTopics: [String: ProducerError] = [:]

    init(producer: KafkaProducer, log: ResendLog, window: SendingWindow) {
        self.producer = producer
        let settings = producer.configuration
        decoder = DeadLetterDecoder(longestRecord: min(settings.maxRequestSize, settings.bufferMemory))
        self.log = log
        self.window = window
    }

    /// Sends the record of a line, or counts it as failed; returns why that can be done for no line at all, this one included.
    /// `ticket` is told what became of the line.
    mutating func send(_ line: LineSource.Line, _ ticket: ResentFiles.Ticket) async -> ProducerError? {
        let letter: DeadLetterDecoder.Letter
        do throws(DeadLetterDecoder.Refusal) {
            letter = try decode(line)
        } catch {
            log.read()
            log.refused(error, line)
            ticket.settled(isFailed: true)
            return nil
        }
        let (record, position, size) = (letter.record, line.position, letter.record.contentSize)
        if let error = missingTopics[record.topic] {
            log.read()
            log.failed(letter, position, error)
            ticket.settled(isFailed: true)
            return nil
        }
        await window.enter(bytes: size)
        log.read()
        do throws(ProducerError) {
            try await producer.send(record) { [log, window] result in
                log.ended(letter, position, result)
                if case .success = result { ticket.settled(isFailed: false) } else { ticket.settled(isFailed: true) }
                window.leave(bytes: size)
            }
            knownTopics.insert(record.topic)
        } catch {
            window.leave(bytes: size)
            guard log.news.hasConnected, error.code != .closed, error.code != .interrupted else {
                log.notTaken()
                return error
            }
            log.failed(letter, position, error)
            ticket.settled(isFailed: true)
            if error.isAboutTopic, !knownTopics.contains(record.topic) { missingTopics[record.topic] = error }
        }
        return nil
    }

    private func decode(_ line: LineSource.Line) throws(DeadLetterDecoder.Refusal) -> DeadLetterDecoder.Letter {
        guard let bytes = line.bytes else {
            throw DeadLetterDecoder.Refusal(
                kind: "RECORD_TOO_LARGE",
                message: "the line is longer than any record that max.request.size allows; raise max.request.size"
            )
        }
        let letter = try decoder.decode(bytes)
        do throws(UsageError) {
            try TopicName.check(letter.record.topic)
        } catch {
            throw DeadLetterDecoder.Refusal(kind: "NOT_A_DEAD_LETTER", message: "\(error)")
        }
        return letter
    }
}

extension ProducerError {
    /// Whether every record of the topic would meet the same fate.
    fileprivate var isAboutTopic: Bool {
        switch code {
        case .timedOut, .broker, .noBrokerReachable: true
        default: false
        }
    }
}
