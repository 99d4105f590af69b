// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol

/// Why reading cannot go on, as the machine sees it.
enum ReadFault: Error, Equatable {
    case unknownTopic
    case unknownPartition(count: Int)
    case topicReplaced
    case noListener(String)
    case refused(ErrorCode)
    case unsupported(String)
    /// The offset is none of those from the oldest record's to the next one's.
    case outOfRange(Int64, oldest: Int64, next: Int64)
    case timedOut(Duration, reason: String)
}

extension ReaderError {
    /// The fault at its place, in words.
    init(_ fault: ReadFault, topic: String, partition: Int32?, broker: BrokerAddress?) {
        let place: (topic: String, partition: Int32?) = (topic, partition)
        switch fault {
        case .unknownTopic:
            self.init(.unknownTopic, at: (topic, nil), "the cluster has no such topic; correct the name or create it")
        case .unknownPartition(let count):
            let message = "there is no such partition: the topic has \(count), counted from 0"
            self.init(.unknownPartition, at: place, message)
        case .topicReplaced:
            let message = "the topic was deleted and another one was made of that name; begin to read it anew"
            self.init(.topicReplaced, at: place, message)
        case .noListener(let objection):
            self.init(.noListener, at: place, objection)
        case .refused(let error):
            let message = "\(error.name): \(error.explanation)"
            self.init(.refused, at: place, broker: broker, brokerError: error, message)
        case .unsupported(let reason):
            self.init(.unsupportedVersion, at: place, broker: broker, "\(reason); read from a newer broker")
        case .outOfRange(let offset, let oldest, let next):
            let message =
                "offset \(offset) is out of range: the oldest record has offset \(oldest), the next one to be written "
                + "gets \(next); begin with one of \(oldest) to \(next)"
            self.init(.offsetOutOfRange, at: place, broker: broker, message)
        case .timedOut(let limit, let reason):
            let message =
                "nothing could be read for \(limit.milliseconds) ms: \(reason); check that the brokers are up and that "
                + "they can be reached"
            self.init(.timedOut, at: place, broker: broker, message)
        }
    }
}
