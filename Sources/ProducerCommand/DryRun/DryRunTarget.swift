// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer
import KafkaProtocol

/// What a dry run knows of where the records would go.
struct DryRunTarget: Equatable, Sendable {
    /// How many partitions the topic has; nil when that is not known.
    var partitions: Int32?
    /// The topic's `max.message.bytes`, if it is known.
    var maxMessageBytes: Int?
    /// What a person should know of the cluster.
    var remark: String?

    /// Nobody was asked.
    init() {}

    /// Asks the cluster.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - topic: The topic's name.
    /// - Throws: `ConfigurationError` for settings that a producer refuses.
    init(_ configuration: ProducerConfiguration, topic: String) async throws {
        let limit = min(configuration.connectionSetupTimeout, .seconds(5))
        let inspection = ClusterInspection(try configuration.inspection(topic: topic, limit: limit))
        await inspection.run()
        let facts = inspection.facts
        guard let cluster = facts.cluster else {
            let reason = facts.bootstrap.compactMap { $0.obstacle?.reason }.first ?? facts.clusterFailure
            remark =
                "the cluster does not answer (\(reason ?? "no reason is known")): partitions and limits are not known"
            return
        }
        guard let found = cluster.topic, found.metadata.errorCode == .none else {
            remark =
                cluster.topic?.isMadeOnFirstUse == true
                ? "topic \(topic) is not there; the broker would make it" : "topic \(topic) is not there"
            return
        }
        partitions = Int32(clamping: found.metadata.partitions.count)
        if case .known(let settings) = found.settings {
            maxMessageBytes = settings["max.message.bytes"].flatMap { Int($0) }
        }
    }
}
