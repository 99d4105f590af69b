// SPDX-License-Identifier: Apache-2.0

/// One login by a mechanism: what the client says, token by token.
///
/// It does no I/O. The caller sends what ``start()`` gives, and then each answer to what ``respond(to:)`` gets, until that
/// says that the mechanism is done.
package protocol SASLMechanism: Sendable {
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

/// What follows a token of the broker.
package enum SASLReply: Equatable, Sendable {
    /// The client has another token to send.
    case token(Secret)
    /// The mechanism is done.
    case done
}
