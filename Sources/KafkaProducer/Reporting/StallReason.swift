// SPDX-License-Identifier: Apache-2.0
public import KafkaClient
public import KafkaProtocol

/// What a producer waits for while it has something to send.
///
/// Later versions may know more reasons, each with its own words: a `switch` outside of this package needs
/// `@unknown default`.
@nonexhaustive
public enum StallReason: Sendable, Equatable, CustomStringConvertible {
    /// A connection to a broker is being made, or waits for its next attempt; with the last attempt's failure.
    case connecting(BrokerAddress, lastFailure: String?)
    /// A broker was connected to, and something has not come that must come before requests: an answer to the TLS handshake or
    /// to the first request, or the end of the login.
    case settingUp(BrokerAddress, lack: String)
    /// The cluster names a broker at an address that could not be reached yet; with the last attempt's failure.
    case advertisedUnreachable(BrokerAddress, failure: String)
    /// A topic is not known, or the cluster answers for it with an error.
    case topicUnknown(topic: String, ErrorCode?)
    /// The topic has no such partition yet, but so many.
    case partitionUnknown(topic: String, partition: Int32, partitionCount: Int)
    /// A partition has no leader.
    case leaderMissing(topic: String, partition: Int32)
    /// A broker asked to wait (KIP-219).
    case throttled(BrokerAddress)
    /// Requests with records are sent and not answered; without any, what is not answered is a question, such as one for
    /// metadata or a producer id.
    case answer(BrokerAddress, requests: Int)
    /// No producer id was assigned yet.
    case producerID
    /// A failed batch waits for its next attempt; with the error of the last one.
    case backoff(topic: String, partition: Int32, attempt: Int, lastError: ErrorCode?)
    /// A transaction's coordinator is asked for something; with what it has answered to it so far.
    case transaction(String)
    /// All of `buffer.memory` is used.
    case memory

    /// What is waited for, as the end of a sentence.
    public var description: String {
        switch self {
        case .connecting(let broker, let failure):
            failure.map { "reconnecting to \(broker) (\($0))" } ?? "connecting to \(broker)"
        case .settingUp(let broker, let lack): "\(broker): \(lack)"
        case .advertisedUnreachable(let broker, let failure):
            "\(broker), the address that this broker advertises, which cannot be reached from here (\(failure)); see its "
                + "advertised.listeners"
        case .topicUnknown(let topic, let error):
            error.map { "topic \(topic): \($0.name)" } ?? "metadata of topic \(topic)"
        case .partitionUnknown(let topic, let partition, let count):
            "partition \(partition) of topic \(topic), which has \(count) (\(TopicPartitions.numbers(ofCount: count)))"
        case .leaderMissing(let topic, let partition): "no leader for \(topic)-\(partition)"
        case .throttled(let broker): "throttled by broker \(broker)"
        case .answer(let broker, let requests):
            requests == 0
                ? "no answer from broker \(broker) to a question of the producer"
                : "no answer from broker \(broker) to \(requests) request\(requests == 1 ? "" : "s")"
        case .producerID: "no producer id yet"
        case .backoff(let topic, let partition, let attempt, let error):
            "\(topic)-\(partition) waits for attempt \(attempt + 1)" + (error.map { " after \($0.name)" } ?? "")
        case .transaction(let request): request
        case .memory: "memory full (buffer.memory)"
        }
    }
}
