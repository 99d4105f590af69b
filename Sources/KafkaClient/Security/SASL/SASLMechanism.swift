// SPDX-License-Identifier: Apache-2.0

/// One login by a mechanism: what the client says, token by token.
///
/// It does no I/O. The caller sends what ``start()`` gives, and then each answer to what ``respond(to:)`` gets, until that
/// says that the mechanism is done.
///
/// No print of a mechanism shows more than its name.
package protocol SASLMechanism: Sendable, CustomStringConvertible, CustomReflectable {
    /// The name by which the broker knows the mechanism.
    var name: SASLMechanismName { get }

    /// The client's first token.
    ///
    /// - Throws: For credentials that the mechanism cannot say.
    mutating func start() throws(SASLError) -> Secret

    /// Takes the broker's next token.
    ///
    /// - Throws: When the broker is not to be trusted, or says that the login failed.
    mutating func respond(to token: [UInt8]) throws(SASLError) -> SASLReply
}

extension SASLMechanism {
    /// The mechanism's name alone.
    package var description: String { name.rawValue }
    /// What `dump` shows: nothing.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What follows a token of the broker.
package enum SASLReply: Equatable, Sendable {
    /// The client has another token to send.
    case token(Secret)
    /// The mechanism is done.
    case done
}
