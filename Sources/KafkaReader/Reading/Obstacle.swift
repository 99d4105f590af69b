// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol

/// Why a partition's leader cannot be asked now.
enum Obstacle: Equatable {
    /// The cluster has said nothing of the topic yet; why, if that is known.
    case notKnownYet(reason: String?)
    case unknownTopic
    /// The topic has only so many partitions.
    case unknownPartition(count: Int)
    case noLeader
    /// There is no connection to the leader; why, if that is known.
    case notConnected(BrokerAddress, reason: String?)
    /// The cluster will never allow it.
    case refused(ErrorCode)
    /// No address of the cluster is a broker's listener.
    case noListener(String)

    /// What it is in the end, whatever the time; nil when it may pass.
    var fault: ReadFault? {
        switch self {
        case .refused(let error): .refused(error)
        case .noListener(let objection): .noListener(objection)
        case .notKnownYet, .unknownTopic, .unknownPartition, .noLeader, .notConnected: nil
        }
    }

    /// What it is when it lasts longer than a topic may be unknown; nil when it is not about that.
    var unknown: ReadFault? {
        switch self {
        case .unknownTopic: .unknownTopic
        case .unknownPartition(let count): .unknownPartition(count: count)
        case .notKnownYet, .noLeader, .notConnected, .refused, .noListener: nil
        }
    }

    /// In words, for a person.
    var text: String {
        switch self {
        case .notKnownYet(let reason): reason.map { "no broker could be reached: \($0)" } ?? "no broker has answered"
        case .unknownTopic: "the cluster has no such topic"
        case .unknownPartition(let count): "the topic has \(count) partitions"
        case .noLeader: "the partition has no leader"
        case .notConnected(let broker, let reason):
            "its leader \(broker) could not be connected to" + (reason.map { ": \($0)" } ?? "")
        case .refused(let error): error.name
        case .noListener(let objection): objection
        }
    }

    /// Whether metadata that is newer may know a way.
    var asksForMetadata: Bool {
        switch self {
        case .notKnownYet, .unknownTopic, .unknownPartition, .noLeader: true
        case .notConnected, .refused, .noListener: false
        }
    }
}
