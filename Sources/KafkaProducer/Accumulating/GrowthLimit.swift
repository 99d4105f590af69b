// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// How large the batches of a topic may grow, as its brokers' refusals have taught.
final class GrowthLimit: Sendable {
    private let bytes = Atomic<Int>(.max)

    /// The largest size that no broker has refused, as far as is known.
    var limit: Int { bytes.load(ordering: .relaxed) }

    /// A broker refused a batch of so many bytes (`MESSAGE_TOO_LARGE`): the next ones stay below half of that.
    func refused(size: Int) {
        bytes.min(size / 2, ordering: .relaxed)
    }
}
