// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// Lets the partitioner know how long the queues are (KIP-794), once every partition of a topic was used, and leaves out those
/// that are not to be preferred.
final class PartitionLoads {
    private let isEnabled: Bool
    private let accumulator: RecordAccumulator
    private let client: ClusterClient
    private var published: [String: PartitionLoad] = [:]

    init(_ parts: SenderParts) {
        isEnabled = parts.configuration.isAdaptivePartitioningEnabled
        accumulator = parts.accumulator
        client = parts.client
    }

    /// Publishes what has changed since the last pass.
    func publish(_ table: PartitionTable, isUsable: (PartitionSending) -> Bool) {
        guard isEnabled else { return }
        for (name, places) in table.placesByTopic {
            let count = client.cluster.topics[name]?.partitions.count ?? 0
            guard count > 1, places.count >= count else { continue }
            guard notesNewLengths(places, in: table, isUsable) else { continue }
            var sizes: [Int] = []
            var usable: [Int32] = []
            sizes.reserveCapacity(places.count)
            usable.reserveCapacity(places.count)
            for place in places {
                guard let size = table[place].publishedLength else { continue }
                sizes.append(size)
                usable.append(table[place].queue.partition)
            }
            let load = PartitionLoad(queueSizes: sizes, partitions: usable, partitionCount: count)
            guard load != published[name] else { continue }
            published[name] = load
            accumulator.topic(named: name).publish(load: load)
        }
    }

    /// Whether a queue has another length than at the last call, or became usable, or no longer is.
    private func notesNewLengths(
        _ places: [Int],
        in table: PartitionTable,
        _ isUsable: (PartitionSending) -> Bool
    ) -> Bool {
        var hasChanged = false
        for place in places {
            let length = isUsable(table[place]) ? table[place].queuedBatches : nil
            if table.publish(length: length, of: place) { hasChanged = true }
        }
        return hasChanged
    }
}
