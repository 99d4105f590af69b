// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// Under which name a failed record is counted, and what a person should do about it.
///
/// The switches list every kind: a new one does not compile before it has a name and advice.
enum FailureKind: Hashable, Sendable {
    /// What the producer reports, a broker's answer included.
    case producer(ProducerError.Code)
    /// The record has no key separator.
    case noKeySeparator
    /// The record has no delimiter after its headers.
    case noHeadersDelimiter
    /// A header has no separator between its name and its value.
    case noHeaderSeparator
    /// A line of a dead-letter file cannot be read.
    case notADeadLetter
    /// A dead letter is without its record, which was too large.
    case recordNotHeld
    /// No record could be made of the input that a dead letter holds.
    case noRecord
    /// A record is not written as its format has it.
    case malformed

    /// A broker's answer.
    static func broker(_ error: ErrorCode) -> Self { .producer(.broker(error)) }

    /// What a person should do about a kind of failure.
    enum Advice: Equatable, Sendable {
        /// The failure's own message says it.
        case inMessage
        /// One or two sentences.
        case text(String)
    }

    /// The name, such as `MESSAGE_TOO_LARGE`.
    var name: String { words.name }

    /// What to do, or nil when the failure's own message says it. Commands in it name `topic`, if it is known.
    func advice(topic: String? = nil) -> String? {
        guard case .text(let text) = words.advice else { return nil }
        guard let topic else { return text }
        return text.replacing("--topic TOPIC", with: "--topic \(topic)")
    }

    /// Whether the record merely ran out of time, which shows neither that the cluster answers nor that the input moves.
    var isExpiry: Bool {
        switch self {
        case .producer(.timedOut), .producer(.noBrokerReachable), .producer(.broker(.networkException)),
            .producer(.broker(.requestTimedOut)):
            true
        case .producer, .noKeySeparator, .noHeadersDelimiter, .noHeaderSeparator, .notADeadLetter, .recordNotHeld,
            .noRecord, .malformed:
            false
        }
    }

    private var words: (name: String, advice: Advice) {
        switch self {
        case .producer(let code):
            (code.description, Self.advice(on: code))
        case .noKeySeparator:
            (
                "NO_KEY_SEPARATOR",
                .text(
                    "Correct the line, name another separator with -K, or send such lines without a key "
                        + "(--reader-property ignore.error=true)."
                )
            )
        case .noHeadersDelimiter:
            (
                "NO_HEADERS_DELIMITER",
                .text("Correct the line, or name another delimiter with --reader-property headers.delimiter=.")
            )
        case .noHeaderSeparator:
            (
                "NO_HEADER_SEPARATOR",
                .text("Correct the line, or name another separator with --reader-property headers.key.separator=.")
            )
        case .notADeadLetter: ("NOT_A_DEAD_LETTER", .text("Correct the line, or remove it."))
        case .recordNotHeld: ("RECORD_NOT_HELD", .inMessage)
        case .noRecord: ("NO_RECORD", .inMessage)
        case .malformed: ("MALFORMED_RECORD", .text("Correct the record, or leave it out."))
        }
    }

    private static func advice(on code: ProducerError.Code) -> Advice {
        switch code {
        case .broker(let error): .text(BrokerAdvice.text(on: error))
        case .recordTooLarge, .noBrokerReachable, .configuration: .inMessage
        case .timedOut:
            .text(
                "See that the brokers run and can be reached from here, or raise delivery.timeout.ms; then send these "
                    + "again."
            )
        case .interrupted, .closed: .text("Send these again.")
        case .sentUnknown:
            .text(
                "Look into the topic before you send these again, for some may be stored; with acks=1 or acks=all the "
                    + "broker would have told."
            )
        case .serialization: .text("Correct the line, or set another key.serializer or value.serializer.")
        case .unsupportedVersion: .text(BrokerAdvice.text(on: .unsupportedVersion))
        case .compression: .text("Choose another codec with -z.")
        case .unknownPartition: .text("Choose a partition that the topic has, or leave -p out.")
        case .transactionState, .fenced, .transactionTimedOut: .inMessage
        case .transactionAborted: .text("Send these again: their transaction was aborted, so that no reader sees them.")
        case .commitUnknown:
            .text("Look into the topic, as a reader of committed records, before you send these again.")
        case .partitionStopped: .text("Mend the first failure of that partition, then send these again.")
        }
    }
}
