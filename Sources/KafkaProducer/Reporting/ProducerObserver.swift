// SPDX-License-Identifier: Apache-2.0

/// Gets a report of every batch's end, and of what happens before it.
///
/// Called on the producer's event loop: it must be quick and never block.
public protocol ProducerObserver: Sendable {
    /// A batch was delivered or has failed for good. Called once for each batch, in order within a partition.
    func delivered(_ report: borrowing DeliveryReport)
    /// Something else happened.
    func occurred(_ event: ProducerEvent)
}
