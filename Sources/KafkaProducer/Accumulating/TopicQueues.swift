// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A topic as the appending side sees it: its partitions' queues, which of them have leaders, and how long they are.
final class TopicQueues: Sendable {
    struct View: Sendable {
        var partitions: TopicPartitions
        var queues: [PartitionQueue]
    }

    private struct State {
        var view: View
        var load: PartitionLoad?
        var sticky: StickyPartitioner
    }

    let name: String
    let estimator = CompressionRatioEstimator()
    private let state: Mutex<State>
    private let versionCount = Atomic<Int>(0)

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

    /// Changes whenever ``view`` does; appenders keep a copy and look at this.
    var version: Int { versionCount.load(ordering: .acquiring) }

    var view: View { state.withLock { $0.view } }

    /// Preference among partitions for the next sticky one.
    var load: PartitionLoad? { state.withLock { $0.load } }

    func publish(load: PartitionLoad?) {
        state.withLock { $0.load = load }
    }

    /// Takes in what metadata says. Partitions are only ever added.
    func update(partitionCount: Int32, available: [Int32], makeQueue: (Int32) -> PartitionQueue) {
        let hasChanged = state.withLock { state in
            let old = state.view.partitions
            let count = max(old.partitionCount, partitionCount)
            guard count != old.partitionCount || available != old.available else { return false }
            state.view.queues += (old.partitionCount..<count).map(makeQueue)
            state.view.partitions = TopicPartitions(name: name, partitionCount: count, available: available)
            return true
        }
        if hasChanged { versionCount.add(1, ordering: .releasing) }
    }

    /// The partition that records without a key, sent one by one, go to now.
    func stickyPartition() -> Int32 {
        state.withLock { state in
            let load = state.load
            return state.sticky.partition(of: state.view.partitions, load: load)
        }
    }

    /// Counts what was appended to the sticky partition.
    func appendedToStickyPartition(bytes: Int, isLastBatchFull: Bool) {
        state.withLock { $0.sticky.appended(bytes: bytes, isLastBatchFull: isLastBatchFull) }
    }
}
