// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Counts deliveries by batch, which any thread may read.
final class ProducerCounters: Sendable {
    private let counts = Mutex(ProducerStatistics())

    func update(_ change: (inout ProducerStatistics) -> Void) {
        counts.withLock { change(&$0) }
    }

    var current: ProducerStatistics { counts.withLock { $0 } }
}
