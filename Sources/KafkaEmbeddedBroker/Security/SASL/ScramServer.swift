// SPDX-License-Identifier: Apache-2.0

/// The broker's side of SCRAM (RFC 5802, RFC 7677): two messages each way.
struct ScramServer {
    /// What goes wrong on order.
    struct Faults: Hashable {
        /// The rounds that the client is told; nil for the usual ones.
        var iterations: Int?
        /// Whether the broker's own proof is wrong.
        var hasWrongSignature = false
    }

    private enum State {
        case expectingFirst
        case expectingFinal(Exchange)
        case over
    }

    /// What both sides have said so far.
    private struct Exchange {
        let first: ScramClientFirst
        let credential: ScramCredential
        let nonce: [UInt8]
        /// The broker's message.
        let reply: [UInt8]
    }

    /// Kafka's number of rounds, which is also the least that its clients take.
    static let iterations = 4096

    private let digest: ScramDigest
    private let users: SASLUsers
    private let serverNonce: [UInt8]
    private let faults: Faults
    private var state = State.expectingFirst

    /// - Parameters:
    ///   - digest: The mechanism's hash function.
    ///   - users: Who may log in.
    ///   - serverNonce: The broker's part of the nonce, printable and without a comma.
    ///   - faults: What goes wrong.
    init(_ digest: ScramDigest, users: SASLUsers, serverNonce: [UInt8] = Self.randomNonce(), faults: Faults = Faults())
    {
        self.digest = digest
        self.users = users
        self.serverNonce = serverNonce
        self.faults = faults
    }

    /// 24 letters and digits.
    static func randomNonce() -> [UInt8] {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var generator = SystemRandomNumberGenerator()
        return (0..<24).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] }
    }

    /// Takes the client's next message.
    mutating func received(_ message: [UInt8]) throws(SASLFailure) -> SASLStep {
        let former = state
        state = .over
        switch former {
        case .expectingFirst: return try receivedFirst(message)
        case .expectingFinal(let exchange): return try receivedFinal(message, exchange)
        case .over: throw .general(reason: "the login is over already")
        }
    }

    private mutating func receivedFirst(_ message: [UInt8]) throws(SASLFailure) -> SASLStep {
        guard let first = ScramClientFirst(message) else {
            throw .general(reason: "the first SCRAM message cannot be read")
        }
        let iterations = faults.iterations ?? Self.iterations
        guard let credential = users.credential(of: first.name, digest, iterations: iterations) else {
            throw .general(reason: "there is no user '\(first.name)'")
        }
        guard first.authorization.isEmpty || first.authorization == first.name else {
            throw .told(
                "Authentication failed: Client requested an authorization id that is different from username"
            )
        }
        let nonce = first.nonce + serverNonce
        let reply =
            Array("r=".utf8) + nonce + Array(",s=".utf8) + Base64Text.encode(credential.salt)
            + Array(",i=\(iterations)".utf8)
        state = .expectingFinal(Exchange(first: first, credential: credential, nonce: nonce, reply: reply))
        return .challenge(reply)
    }

    private func receivedFinal(_ message: [UInt8], _ exchange: Exchange) throws(SASLFailure) -> SASLStep {
        guard let final = ScramClientFinal(message) else {
            throw .general(reason: "the last SCRAM message cannot be read")
        }
        // The whole nonce, as a broker of Kafka 4 does: to compare its end alone would let a client replay what another one
        // said.
        guard final.nonce == exchange.nonce else {
            let isDoubled = final.nonce == exchange.first.nonce + exchange.nonce
            throw .general(
                reason: "the client's last message has another nonce"
                    + (isDoubled ? ": its own part twice, as librdkafka says it before 2.6.1" : "")
            )
        }
        guard final.header == exchange.first.header || final.header.elementsEqual("n,,".utf8) else {
            throw .general(reason: "the client's last message has another header than its first")
        }
        let comma = [UInt8(ascii: ",")]
        let signed = exchange.first.bare + comma + exchange.reply + comma + final.withoutProof
        guard isProven(final.proof, signed, exchange.credential) else {
            throw .general(reason: "the password of '\(exchange.first.name)' is another one")
        }
        var signature = digest.code(of: signed, key: exchange.credential.serverKey)
        if faults.hasWrongSignature { signature[0] ^= 1 }
        let identity = SASLIdentity(name: exchange.first.name)
        return .complete(Array("v=".utf8) + Base64Text.encode(signature), identity)
    }

    /// Whether the client knows the password: with the signature its proof gives the key whose hash is stored.
    private func isProven(_ proof: [UInt8], _ signed: [UInt8], _ credential: ScramCredential) -> Bool {
        let signature = digest.code(of: signed, key: credential.storedKey)
        guard proof.count == signature.count else { return false }
        let found = digest.hash(zip(proof, signature).map { $0 ^ $1 })
        // In constant time.
        return zip(found, credential.storedKey).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
