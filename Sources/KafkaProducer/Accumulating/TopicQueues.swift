// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A topic as the appending side sees it: its partitions' queues, which of them have leaders, and how long they are.
final class TopicQueues: Sendable {
    struct View: Sendable {
        var partitions: TopicPartitions
        var queues: [PartitionQueue]
        /// Changes when another topic has taken the name.
        var incarnation = 0
        /// How many partitions the topic had whose name it has taken.
        var formerPartitionCount: Int32 = 0

        /// Why there is no such partition, for a person.
        func absence(of partition: Int32) -> String {
            let count = partitions.partitionCount
            guard partition < formerPartitionCount else {
                return "the topic has no partition \(partition), only \(TopicPartitions.numbers(ofCount: count))"
            }
            return "the topic was deleted and made again with \(count) partition\(count == 1 ? "" : "s"); partition "
                + "\(partition) is no longer there"
        }
    }

    private struct State {
        var view: View
        var load: PartitionLoad?
        var sticky: StickyPartitioner
    }

    let name: String
    let estimator = CompressionRatioEstimator()
    let growth = GrowthLimit()
    private let state: Mutex<State>
    private let versionCount = Atomic<Int>(0)
    private let loadWanted = Atomic<Bool>(true)

    init(name: String, stickyBatchSize: Int) {
        self.name = name
        let partitions = TopicPartitions(name: name, partitionCount: 0, available: [])
        state = Mutex(
            State(
                view: View(partitions: partitions, queues: []),
                sticky: StickyPartitioner(stickyBatchSize: stickyBatchSize)
            )
        )
    }

    /// Changes whenever ``view`` does; appenders keep a copy and compare this.
    var version: Int { versionCount.load(ordering: .acquiring) }

    var view: View { state.withLock { $0.view } }

    /// Preference among partitions for the next sticky one. To ask for it is to want it renewed.
    var load: PartitionLoad? {
        loadWanted.store(true, ordering: .relaxed)
        return state.withLock { $0.load }
    }

    /// Whether a sticky partition was chosen since this was last asked.
    func takeLoadWanted() -> Bool { loadWanted.exchange(false, ordering: .relaxed) }

    func publish(load: PartitionLoad?) {
        state.withLock { $0.load = load }
    }

    /// Takes in what metadata says. A topic's partitions are only ever added to; those of another topic of the same name,
    /// which is of another incarnation, replace all that there were.
    ///
    /// - Returns: the queues that were replaced. They still take records from those who have not seen it: they are to be
    ///   retired next.
    @discardableResult
    func update(
        partitionCount: Int32,
        available: [Int32],
        near: [Int32] = [],
        incarnation: Int = 0,
        makeQueue: (Int32) -> PartitionQueue
    ) -> [PartitionQueue] {
        let (hasChanged, replaced) = state.withLock { state -> (Bool, [PartitionQueue]) in
            var replaced: [PartitionQueue] = []
            if incarnation != state.view.incarnation {
                let none = TopicPartitions(name: name, partitionCount: 0, available: [])
                replaced = state.view.queues
                let former = state.view.partitions.partitionCount
                state.view = View(
                    partitions: none,
                    queues: [],
                    incarnation: incarnation,
                    formerPartitionCount: former
                )
                state.load = nil
            }
            let old = state.view.partitions
            let count = max(old.partitionCount, partitionCount)
            let present = TopicPartitions(name: name, partitionCount: count, available: available, near: near)
            guard present != old else { return (false, replaced) }
            state.view.queues += (old.partitionCount..<count).map(makeQueue)
            state.view.partitions = present
            return (true, replaced)
        }
        if hasChanged || !replaced.isEmpty { versionCount.add(1, ordering: .releasing) }
        return replaced
    }

    /// The partition that records without a key, sent one by one, go to now.
    func stickyPartition() -> Int32 {
        state.withLock { state in
            let load = state.load
            loadWanted.store(true, ordering: .relaxed)
            return state.sticky.partition(of: state.view.partitions, load: load)
        }
    }

    /// Counts what was appended to the sticky partition.
    func appendedToStickyPartition(bytes: Int, isLastBatchFull: Bool) {
        state.withLock { $0.sticky.appended(bytes: bytes, isLastBatchFull: isLastBatchFull) }
    }
}
