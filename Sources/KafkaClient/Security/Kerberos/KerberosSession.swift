// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The context of one login by Kerberos.
final class KerberosSession: Sendable {
    private struct State: ~Copyable {
        var context: GSSHandle
        let credential: GSSHandle
        let target: GSSHandle
    }

    private let library: GSSLibrary
    private let state: Mutex<State>

    /// A context that is not begun.
    init(_ library: GSSLibrary, credential: consuming sending GSSHandle, target: consuming sending GSSHandle) {
        self.library = library
        state = Mutex(State(context: library.makeContext(), credential: credential, target: target))
    }

    /// Goes on with the making of the context; an empty token begins it.
    func step(_ token: [UInt8]) throws(GSSFault) -> (token: [UInt8], isComplete: Bool) {
        try state.withLock { state throws(GSSFault) in
            try library.step(&state.context, with: state.credential, to: state.target, token: token)
        }
    }

    /// Protects a message against changes.
    func wrap(_ message: [UInt8]) throws(GSSFault) -> [UInt8] {
        try state.withLock { state throws(GSSFault) in try library.wrap(message, in: state.context) }
    }

    /// The message in a protected one.
    func unwrap(_ message: [UInt8]) throws(GSSFault) -> [UInt8] {
        try state.withLock { state throws(GSSFault) in try library.unwrap(message, in: state.context) }
    }
}
