// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The queues that the sender has to look at, each once: threads that append and workers put them here.
final class QueueList: Sendable {
    private let queues = Mutex<[PartitionQueue]>([])

    /// Puts a queue onto the list, unless it is there. What the sender is to find must be in the queue by now.
    func list(_ queue: PartitionQueue) {
        guard queue.state.withLock({ $0.list() }) else { return }
        queues.withLock { $0.append(queue) }
    }

    /// Empties the list.
    func take() -> [PartitionQueue] {
        queues.withLock { queues in
            guard !queues.isEmpty else { return [] }
            var taken: [PartitionQueue] = []
            swap(&taken, &queues)
            return taken
        }
    }

    /// Gives a list that was taken back, for its memory.
    func reuse(_ list: consuming [PartitionQueue]) {
        var list = list
        list.removeAll(keepingCapacity: true)
        queues.withLock { queues in
            if queues.isEmpty, queues.capacity < list.capacity { swap(&queues, &list) }
        }
    }
}
