// SPDX-License-Identifier: Apache-2.0
public import KafkaClient
public import KafkaProtocol

/// Why records were not delivered, or why the producer cannot go on: what failed, where, and what to do.
public struct ProducerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure. Later versions may know more kinds: a `switch` outside of this package needs `@unknown default`.
    @nonexhaustive
    public enum Code: Sendable, Hashable {
        /// The wait for metadata, memory or the broker's answer took longer than its setting allows.
        case timedOut
        /// No address of the cluster could be connected to.
        case noBrokerReachable
        /// The record is larger than `max.request.size` or `buffer.memory` allows.
        case recordTooLarge
        /// The broker answered with this error.
        case broker(ErrorCode)
        /// A key or value is not of the type that its serializer writes.
        case serialization
        /// The producer is closed, or was closed before the record was delivered.
        case closed
        /// The settings ask for something this producer cannot do.
        case configuration
        /// The caller has ended the wait: its task was cancelled, or ``KafkaProducer/interruptTopicWaits()``.
        case interrupted
        /// The broker speaks no version of a request that the producer needs.
        case unsupportedVersion
        /// A batch could not be compressed.
        case compression
        /// The topic has no such partition.
        case unknownPartition
        /// An earlier record of the partition failed, and ``FailurePolicy/stopPartition`` is in force.
        case partitionStopped
        /// The record was sent with `acks=0`, and the connection broke before a later answer had confirmed that the broker
        /// took it: it may be stored or not.
        case sentUnknown
        /// A transaction was not open, or was, when it should not have been.
        case transactionState
        /// The record's transaction was aborted, so that no reader of committed records sees it.
        case transactionAborted
        /// Another producer has taken over the transactional id. Nothing can be sent any more.
        case fenced
        /// The transaction took longer than `transaction.timeout.ms`: its coordinator has aborted it.
        case transactionTimedOut
        /// A commit was asked for and not answered: the transaction may be committed, or not.
        case commitUnknown
    }

    /// The kind of failure.
    public let code: Code
    /// The topic it concerns, if one.
    public let topic: String?
    /// The partition it concerns, if one.
    public let partition: Int32?
    /// The broker it concerns, if one.
    public let broker: BrokerAddress?
    /// One sentence: what failed and what to do.
    public let message: String
    /// What brokers answered as long as there was time, for a failure of code ``Code/timedOut``.
    public let cause: ErrorCode?

    /// A failure with its place.
    public init(
        _ code: Code,
        topic: String? = nil,
        partition: Int32? = nil,
        broker: BrokerAddress? = nil,
        message: String,
        cause: ErrorCode? = nil
    ) {
        self.code = code
        self.topic = topic
        self.partition = partition
        self.broker = broker
        self.message = message
        self.cause = cause
    }

    /// The name under which this kind of failure is counted: the broker's error name, or ours.
    public var name: String { code.description }

    /// One line: place and message.
    public var description: String {
        var place = ""
        if let topic {
            place = if let partition { "\(topic)-\(partition)" } else { topic }
        }
        if let broker { place += place.isEmpty ? "\(broker)" : " at \(broker)" }
        return place.isEmpty ? message : "\(place): \(message)"
    }
}

extension ProducerError.Code: CustomStringConvertible {
    /// The broker's error name, or ours, such as `TIMED_OUT`.
    public var description: String {
        switch self {
        case .timedOut: "TIMED_OUT"
        case .noBrokerReachable: "NO_BROKER_REACHABLE"
        case .recordTooLarge: "RECORD_TOO_LARGE"
        case .broker(let error): error.name
        case .serialization: "SERIALIZATION"
        case .closed: "CLOSED"
        case .configuration: "CONFIGURATION"
        case .interrupted: "INTERRUPTED"
        case .unsupportedVersion: "UNSUPPORTED_VERSION"
        case .compression: "COMPRESSION"
        case .unknownPartition: "UNKNOWN_PARTITION"
        case .partitionStopped: "PARTITION_STOPPED"
        case .sentUnknown: "SENT_UNKNOWN"
        case .transactionState: "TRANSACTION_STATE"
        case .transactionAborted: "TRANSACTION_ABORTED"
        case .fenced: "PRODUCER_FENCED"
        case .transactionTimedOut: "TRANSACTION_TIMED_OUT"
        case .commitUnknown: "COMMIT_UNKNOWN"
        }
    }
}
