// SPDX-License-Identifier: Apache-2.0

/// Why a connection ends, and what that says: to a person, to its requests, and about the peer.
enum ConnectionEnd {
    /// It could not be made, or does not work any more.
    case failed(String, RequestFailure.Kind = .disconnected)
    /// The peer is no broker's plain-text listener.
    case mismatch(ListenerMismatch)
    /// It ended, or could not be made, without this side wanting it.
    case lost(ConnectionLoss)
    /// It is not needed any more. What is in flight fails at once, for this reason.
    case quietly(String)

    /// Whether it is not reported.
    var isQuiet: Bool {
        if case .quietly = self { true } else { false }
    }

    /// The reason in words, for a connection that was in this state.
    func reason(_ state: ConnectionMachine.Disconnection) -> String {
        switch self {
        case .failed(let text, _): text
        case .mismatch(let mismatch): "it \(mismatch)"
        case .lost(let loss): loss.explained(in: state)
        case .quietly(let text): text
        }
    }

    /// What its requests fail with.
    var kind: RequestFailure.Kind {
        switch self {
        case .failed(_, let kind): kind
        case .mismatch, .lost, .quietly: .disconnected
        }
    }

    /// What it says about the peer, if anything.
    func sign(_ state: ConnectionMachine.Disconnection) -> ListenerInspection.Sign? {
        switch self {
        // Damaged bytes may hide one API; they do not make up others.
        case .mismatch(.noMetadata): .suspected(.noMetadata)
        case .mismatch(let mismatch): .certain(mismatch)
        case .lost(let loss): loss.suspicion(in: state).map { .suspected($0) }
        case .failed, .quietly: nil
        }
    }
}
