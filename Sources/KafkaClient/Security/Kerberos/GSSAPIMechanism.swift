// SPDX-License-Identifier: Apache-2.0

/// GSSAPI (RFC 4752): client and broker prove themselves to each other by Kerberos, and then agree that what follows is
/// not protected by it.
///
/// The client's first token is made before the mechanism: a ticket for the broker may have to be fetched for it. The
/// broker's answers go on with the context until it is complete. Then the broker offers layers of protection, and the
/// client chooses none.
package struct GSSAPIMechanism: SASLMechanism {
    private enum State {
        case initial
        case establishing
        case waitsForOffer
        case waitsForEnd
        case ended
    }

    /// The layer that the client chooses: none.
    private static let noLayer: UInt8 = 1

    /// GSSAPI.
    package var name: SASLMechanismName { .gssapi }

    private let session: KerberosSession
    private let first: Secret
    private let isCompleteAtFirst: Bool
    private var state = State.initial

    init(_ session: KerberosSession, first: (token: [UInt8], isComplete: Bool)) {
        self.session = session
        self.first = Secret(first.token)
        isCompleteAtFirst = first.isComplete
    }

    /// The ticket for the broker.
    package mutating func start() throws(SASLError) -> Secret {
        guard case .initial = state else { throw .unexpectedToken(name) }
        state = isCompleteAtFirst ? .waitsForOffer : .establishing
        return first
    }

    /// Goes on with the context, takes the offer, or ends.
    package mutating func respond(to token: [UInt8]) throws(SASLError) -> SASLReply {
        let before = state
        state = .ended
        switch before {
        case .initial, .ended:
            throw .unexpectedToken(name)
        case .establishing:
            let answer = try told { () throws(GSSFault) in try session.step(token) }
            // A context may be complete with nothing left to say: then that is said.
            state = answer.isComplete ? .waitsForOffer : .establishing
            return .token(Secret(answer.token))
        case .waitsForOffer:
            try check(offer: try told { () throws(GSSFault) in try session.unwrap(token) })
            state = .waitsForEnd
            let choice = try told { () throws(GSSFault) in try session.wrap([Self.noLayer, 0, 0, 0]) }
            return .token(Secret(choice))
        case .waitsForEnd:
            guard token.isEmpty else { throw .unexpectedToken(name) }
            return .done
        }
    }

    /// An offer is a mask of layers and the size of a message in three bytes.
    private func check(offer: [UInt8]) throws(SASLError) {
        guard offer.count == 4, let layers = offer.first else {
            throw .malformed(name, "its offer of layers has not 4 bytes")
        }
        guard layers & Self.noLayer != 0 else {
            throw .malformed(name, "it insists on a layer of protection by Kerberos, which Kafka does not have")
        }
    }

    private func told<Value>(_ body: () throws(GSSFault) -> Value) throws(SASLError) -> Value {
        do throws(GSSFault) {
            return try body()
        } catch {
            throw .malformed(name, error.description)
        }
    }
}
