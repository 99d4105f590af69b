// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker

/// A topic as `broker --topic` takes it: `NAME[:PARTITIONS][,SETTING=N...]`.
struct TopicArgument {
    let name: String
    /// nil when it is not said.
    private(set) var partitions: Int?
    private(set) var settings = TopicSettings()

    init(_ text: String) throws(UsageError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let names = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(names[0])
        if names.count == 2 {
            guard let count = Int(names[1]), count > 0 else { throw Self.unreadable(text) }
            partitions = count
        }
        for setting in parts.dropFirst() {
            let sides = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let value = Int(sides[1]) else { throw Self.unreadable(text) }
            switch sides[0] {
            case "max.message.bytes": settings.maxMessageBytes = value
            case "min.insync.replicas": settings.minInSyncReplicas = value
            case "replication.factor": settings.replicationFactor = value
            default:
                throw UsageError(
                    "--topic \(text): \(sides[0]) is none of max.message.bytes, min.insync.replicas and replication.factor"
                )
            }
        }
    }

    private static func unreadable(_ text: String) -> UsageError {
        UsageError("--topic takes NAME or NAME:PARTITIONS, with ,SETTING=N behind, and \"\(text)\" is neither")
    }
}
