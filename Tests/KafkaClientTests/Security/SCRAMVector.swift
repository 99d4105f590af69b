// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Vectors

@testable import KafkaClient

/// A SCRAM exchange of kafka-clients 4.3.0. Keys are hexadecimal digits.
struct SCRAMVector: Decodable, Sendable, CustomTestStringConvertible {
    var about: String
    var mechanism: String
    var username: String
    var password: String
    var extensions: [String: String]
    var clientNonce: String
    var iterations: Int
    var salt: String
    var clientFirst: String?
    var serverFirst: String?
    var clientFinal: String?
    var serverFinal: String?
    var storedKey: String?
    var serverKey: String?
    /// Which message Java refused; nil if it was content with all.
    var failsAt: String?
    /// What Java said of it.
    var message: String?
    /// What the broker sends to a client that has said nothing, if that is what is tried.
    var challenge: String?

    var testDescription: String { "\(mechanism): \(about)" }

    /// Java signs the broker's message as it would write it itself: without extensions, `m=` and leading zeros.
    var isSignedAsReceived: Bool {
        serverFirst?.hasPrefix("r=") == true && serverFirst?.hasSuffix(",s=\(salt),i=\(iterations)") == true
    }

    func login() throws -> ScramMechanism {
        let name = try #require(SASLMechanismName(rawValue: mechanism))
        let mechanism = ScramMechanism(
            name: name,
            username: username,
            password: Secret(password),
            isToken: extensions["tokenauth"] == "true",
            nonce: clientNonce
        )
        return try #require(mechanism)
    }

    /// All exchanges of the folder that `KAFKA_VECTORS` names, or of the fixtures.
    static func all() throws -> [SCRAMVector] {
        try VectorFolder.load("scram.json", in: .module, as: [SCRAMVector].self)
    }
}
