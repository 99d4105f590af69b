// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Tells the threads that send single records whether a transaction is open.
final class TransactionGate: Sendable {
    private let objection: Mutex<ProducerError?>

    init() {
        objection = Mutex(
            ProducerError(
                .transactionState,
                message: "no transaction is open: a producer with a transactional.id sends within transactions only"
            )
        )
    }

    /// Why nothing can be sent now; nil when a transaction is open.
    func set(_ objection: ProducerError?) { self.objection.withLock { $0 = objection } }

    /// - Throws: why nothing can be sent now.
    func check() throws(ProducerError) {
        if let error = objection.withLock({ $0 }) { throw error }
    }
}
