// SPDX-License-Identifier: Apache-2.0

/// The id and epoch of an idempotent producer, from the first request for one to the last epoch.
struct ProducerIdentity: Sendable {
    /// What the identity is about.
    enum State: Sendable, Equatable {
        /// Idempotence is off; batches carry no producer id.
        case disabled
        /// An id must be asked for.
        case needed
        /// It was asked for.
        case requested
        /// Batches are stamped with this.
        case assigned(id: Int64, epoch: Int16)
    }

    private(set) var state: State

    init(isEnabled: Bool) {
        state = isEnabled ? .needed : .disabled
    }

    var isEnabled: Bool { state != .disabled }

    /// Whether batches may be sent.
    var isUsable: Bool {
        switch state {
        case .disabled, .assigned: true
        case .needed, .requested: false
        }
    }

    mutating func requestSent() {
        if state == .needed { state = .requested }
    }

    mutating func requestFailed() {
        if state == .requested { state = .needed }
    }

    mutating func received(id: Int64, epoch: Int16) {
        if state == .requested { state = .assigned(id: id, epoch: epoch) }
    }

    /// A transaction's coordinator gave this id and epoch.
    mutating func adopt(id: Int64, epoch: Int16) {
        state = .assigned(id: id, epoch: epoch)
    }

    /// The next epoch, so that sequences may begin again; after the last epoch a new id (KIP-360).
    mutating func bumpEpoch() {
        guard case .assigned(let id, let epoch) = state else { return }
        state = epoch == .max ? .needed : .assigned(id: id, epoch: epoch + 1)
    }
}
