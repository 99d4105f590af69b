// SPDX-License-Identifier: Apache-2.0

/// The broker's side of PLAIN (RFC 4616): one token of three parts, parted by zero bytes. The words are Kafka's.
struct PlainServer {
    let users: SASLUsers

    /// Checks the client's only token.
    func received(_ token: [UInt8]) throws(SASLFailure) -> SASLStep {
        guard String(validating: token, as: UTF8.self) != nil else {
            throw .general(reason: "the PLAIN token is no UTF-8")
        }
        // Kafka counts no further than four.
        let parts = token.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw .told("Invalid SASL/PLAIN response: expected 3 tokens, got \(parts.count)")
        }
        let (authorization, password) = (String(decoding: parts[0], as: UTF8.self), Array(parts[2]))
        let name = String(decoding: parts[1], as: UTF8.self)
        guard !name.isEmpty else { throw .told("Authentication failed: username not specified") }
        guard !password.isEmpty else { throw .told("Authentication failed: password not specified") }
        guard users.hasPassword(password, user: name) else {
            throw .told("Authentication failed: Invalid username or password")
        }
        guard authorization.isEmpty || authorization == name else {
            throw .told(
                "Authentication failed: Client requested an authorization id that is different from username"
            )
        }
        return .complete([], SASLIdentity(name: name))
    }
}
