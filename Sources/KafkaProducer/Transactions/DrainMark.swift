// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Tells the sender that the records of the transaction that ends are delivered, or have failed.
final class DrainMark: Sendable {
    private let isReached = Atomic<Bool>(false)

    func reached() { isReached.store(true, ordering: .releasing) }

    var value: Bool { isReached.load(ordering: .acquiring) }
}
