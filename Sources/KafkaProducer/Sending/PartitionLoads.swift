// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore

/// Lets the partitioner know how long the queues are (KIP-794), once every partition of a topic was used, and leaves out those
/// that are not to be preferred.
///
/// Only topics of which a queue's length has changed, and of which somebody chooses sticky partitions, are summed up: keys
/// never ask.
final class PartitionLoads {
    /// What is known of one topic.
    private struct Topic {
        var isStale = false
        /// Whether it is published though nobody has asked for it.
        var mustBeKnown = false
        var queues: TopicQueues?
        var published: PartitionLoad?
        var publishedAt: NIODeadline?
    }

    private let isEnabled: Bool
    /// Whether a partition becomes usable, or no longer is, as time goes by.
    private let dependsOnTime: Bool
    private let accumulator: RecordAccumulator
    private let client: ClusterClient
    /// The rack in which partitions are preferred; `nil` for no preference.
    private let rack: String?
    private var topics: [Topic] = []
    /// The numbers of the topics that have changed.
    private var stale: [Int] = []

    init(_ parts: SenderParts) {
        isEnabled = parts.configuration.isAdaptivePartitioningEnabled
        dependsOnTime = parts.configuration.partitionerAvailabilityTimeout.map { $0 > .zero } ?? false
        accumulator = parts.accumulator
        client = parts.client
        rack = parts.rack
    }

    /// The length of a queue of this topic has changed.
    ///
    /// - Parameters:
    ///   - number: The topic.
    ///   - mustBeKnown: Whether a partition becomes usable, or no longer is: that is made known before anybody asks.
    func changed(topic number: Int, mustBeKnown: Bool = false) {
        guard isEnabled else { return }
        while topics.count <= number { topics.append(Topic()) }
        if mustBeKnown { topics[number].mustBeKnown = true }
        guard !topics[number].isStale else { return }
        topics[number].isStale = true
        stale.append(number)
    }

    /// Publishes what has changed since the last pass and is asked for.
    func publish(_ table: PartitionTable, now: NIODeadline, isUsable: (PartitionSending) -> Bool) {
        guard isEnabled else { return }
        if dependsOnTime { for number in topics.indices { changed(topic: number, mustBeKnown: true) } }
        guard !stale.isEmpty else { return }
        stale.removeAll { publish(topic: $0, table, now: now, isUsable) }
    }

    /// A sum over many partitions costs more than it is worth for every batch.
    private static let leastPause = TimeAmount.nanoseconds(200)

    /// - Returns: whether the topic is up to date now.
    private func publish(
        topic number: Int,
        _ table: PartitionTable,
        now: NIODeadline,
        _ isUsable: (PartitionSending) -> Bool
    ) -> Bool {
        let name = table.topicNames[number]
        let queues = topics[number].queues ?? accumulator.topic(named: name)
        topics[number].queues = queues
        guard topics[number].mustBeKnown || queues.takeLoadWanted() else { return false }
        let places = table.placesByTopic[name] ?? []
        let topic = client.cluster.topics[name]
        let count = topic?.partitions.count ?? 0
        guard count > 1, places.count >= count else { return false }
        if let last = topics[number].publishedAt, now < last + Self.leastPause * count { return false }
        topics[number].isStale = false
        topics[number].mustBeKnown = false
        topics[number].publishedAt = now
        let all = places.filter { isUsable(table[$0]) }
        var near: [Int] = []
        if let rack, let topic {
            let inRack = Set(topic.available(in: rack, of: client.cluster))
            near = all.filter { inRack.contains(table[$0].queue.partition) }
        }
        let preferred = near.isEmpty ? all : near
        let load = PartitionLoad(
            queueSizes: preferred.map { table[$0].queueLength },
            partitions: preferred.map { table[$0].queue.partition },
            partitionCount: count
        )
        guard load != topics[number].published else { return true }
        topics[number].published = load
        queues.publish(load: load)
        return true
    }
}
