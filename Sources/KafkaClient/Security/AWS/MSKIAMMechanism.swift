// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// AWS_MSK_IAM: one token, which is a signed wish to connect, and an answer that names the request.
package struct MSKIAMMechanism: SASLMechanism {
    /// The form of token and answer, by the day on which it was made.
    static let version = "2020_10_22"
    /// An answer has some dozens of bytes.
    private static let mostBytes = 64 << 10

    /// AWS_MSK_IAM.
    package var name: SASLMechanismName { .awsMSKIAM }

    private let payload: Secret
    private var isStarted = false

    init(_ signature: MSKSignature) {
        payload = signature.payload
    }

    /// The signed wish to connect.
    package mutating func start() throws(SASLError) -> Secret {
        guard !isStarted else { throw .unexpectedToken(name) }
        isStarted = true
        return payload
    }

    /// Done, if the answer is one of this mechanism. A broker that refuses says it in an error, or with nothing.
    package mutating func respond(to token: [UInt8]) throws(SASLError) -> SASLReply {
        guard isStarted else { throw .unexpectedToken(name) }
        isStarted = false
        guard !token.isEmpty else {
            throw .refused(
                name,
                "its answer is empty; may this identity do kafka-cluster:Connect, and is the clock right?"
            )
        }
        guard token.count <= Self.mostBytes, let answer = try? JSONDecoder().decode(Answer.self, from: Data(token))
        else {
            throw .malformed(name, "it is no JSON object with version and request-id")
        }
        guard answer.version == Self.version else {
            throw .malformed(name, "its version is \(ForeignText.shown(answer.version)), not \(Self.version)")
        }
        return .done
    }

    private struct Answer: Decodable {
        var version: String
        var requestID: String

        enum CodingKeys: String, CodingKey {
            case version
            case requestID = "request-id"
        }
    }
}
