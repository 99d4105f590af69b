// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import Testing
import Vectors

@testable import KafkaClient

/// The Java client's SCRAM exchanges, the examples of RFC 7677 first among them.
@Suite("SCRAM Vectors")
struct SCRAMVectorTests {
    @Test("every exchange goes as with the Java client", arguments: try SCRAMVector.all())
    func exchange(vector: SCRAMVector) throws {
        var mechanism = try vector.login()
        if let challenge = vector.challenge {
            #expect(throws: SASLError.unexpectedToken(mechanism.name)) {
                try mechanism.respond(to: Array(challenge.utf8))
            }
            return
        }
        // Java says these and is refused, by itself or by the broker.
        guard !vector.username.isEmpty, !vector.password.isEmpty else {
            #expect(throws: SASLError.self) { try mechanism.start() }
            return
        }
        #expect(try mechanism.start().text == vector.clientFirst)
        let serverFirst = Array(try #require(vector.serverFirst).utf8)
        if vector.failsAt == "serverFirst" {
            let error = #expect(throws: SASLError.self) { try mechanism.respond(to: serverFirst) }
            Self.compare(error, with: vector)
            return
        }
        guard case .token(let final) = try mechanism.respond(to: serverFirst) else {
            Issue.record("nothing is proved")
            return
        }
        if vector.isSignedAsReceived {
            #expect(final.text == vector.clientFinal)
            try finish(&mechanism, with: vector)
        } else {
            try finishAsReceived(&mechanism, final: final.text, vector: vector)
        }
    }

    private func finish(_ mechanism: inout ScramMechanism, with vector: SCRAMVector) throws {
        let serverFinal = Array(try #require(vector.serverFinal).utf8)
        if vector.failsAt == "serverFinal" {
            let error = #expect(throws: SASLError.self) { try mechanism.respond(to: serverFinal) }
            Self.compare(error, with: vector)
        } else {
            #expect(try mechanism.respond(to: serverFinal) == .done)
        }
        #expect(throws: SASLError.unexpectedToken(mechanism.name)) { try mechanism.respond(to: serverFinal) }
    }

    /// Plays the broker with the keys that it keeps: it signs what it sent.
    private func finishAsReceived(_ mechanism: inout ScramMechanism, final: String, vector: SCRAMVector) throws {
        let hash: ScramHash = vector.mechanism == "SCRAM-SHA-256" ? .sha256 : .sha512
        let parts = final.components(separatedBy: ",p=")
        let first = try #require(vector.clientFirst).dropFirst(3)
        let message = Array("\(first),\(try #require(vector.serverFirst)),\(parts[0])".utf8)
        let storedKey = [UInt8](hex: try #require(vector.storedKey))
        let signature = hash.authenticationCode(of: message, key: SymmetricKey(data: storedKey))
        let proof = try #require(Data(base64Encoded: parts[1]))
        #expect(hash.hash(zip(proof, signature).map { $0 ^ $1 }) == storedKey)
        let serverKey = SymmetricKey(data: [UInt8](hex: try #require(vector.serverKey)))
        let answer = Data(hash.authenticationCode(of: message, key: serverKey)).base64EncodedString()
        #expect(try mechanism.respond(to: Array("v=\(answer)".utf8)) == .done)
    }

    private static func compare(_ error: SASLError?, with vector: SCRAMVector) {
        let message = vector.message ?? ""
        switch error {
        case .malformed: #expect(message.hasPrefix("Invalid SCRAM server") && message.contains("message format"))
        case .foreignNonce: #expect(message == "Invalid server nonce: does not start with client nonce")
        case .tooFewIterations(let count, _):
            #expect(
                message.hasPrefix("Requested iterations \(count) is less than the minimum 4096")
                    || message.hasSuffix("invalid iterations \(count)")
            )
        case .tooManyIterations: #expect(message == "Invalid SCRAM server first message format: invalid iterations")
        case .serverSignature: #expect(message == "Invalid server signature in server final message")
        case .refused(_, let text): #expect(message.hasSuffix("failed with error: \(text)"))
        case .credentials, .unexpectedToken, nil: Issue.record("\(String(describing: error)) for \(message)")
        }
    }
}
