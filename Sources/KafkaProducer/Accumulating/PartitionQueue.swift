// SPDX-License-Identifier: Apache-2.0
import DequeModule
import NIOCore
import Synchronization

/// The batches of one partition that are not in flight: the open one, and those that are closed, oldest first.
///
/// Appending threads and the event loop meet here, and only here, under its `Mutex`.
final class PartitionQueue: Sendable {
    struct State: ~Copyable, Sendable {
        var open: OpenBatch?
        /// Closed batches: being sealed, waiting to be sent, or waiting to be sent again.
        var closed: Deque<ProducerBatch> = []
        /// Whether the sender knows that there is something here.
        var isListed = false

        /// Batches that wait here.
        var count: Int { closed.count + (open == nil ? 0 : 1) }
    }

    let topic: String
    let partition: Int32
    /// The partition's place in the sender's tables.
    let index: Int
    let state = Mutex(State())
    let estimator: CompressionRatioEstimator

    init(topic: String, partition: Int32, index: Int, estimator: CompressionRatioEstimator) {
        self.topic = topic
        self.partition = partition
        self.index = index
        self.estimator = estimator
    }
}

extension PartitionQueue.State {
    /// Closes the open batch and queues it. The caller hands it to the sealer once the lock is left.
    mutating func closeOpenBatch(of queue: PartitionQueue) -> ProducerBatch? {
        guard let open = open.take() else { return nil }
        let batch = ProducerBatch(closing: open, queue: queue)
        closed.append(batch)
        return batch
    }
}
