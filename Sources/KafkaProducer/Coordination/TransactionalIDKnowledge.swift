// SPDX-License-Identifier: Apache-2.0

/// What a transaction coordinator knows of a transactional id.
package enum TransactionalIDKnowledge: Sendable, Equatable {
    /// Nothing: it was never used, or all was forgotten.
    case unknown
    /// It was used; its transaction is in this state, such as `Ongoing`.
    case known(state: String)
    /// The cluster cannot be asked, or not by this client.
    case notTold

    /// Whether no transaction is known to be open that only its owner, or a new one, can end.
    package var isAtRest: Bool {
        switch self {
        case .unknown: true
        case .known(let state): state != "Ongoing"
        case .notTold: false
        }
    }
}
