// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Vectors

/// A value of `sasl.jaas.config`, and what kafka-clients 4.3.0 makes of it.
struct JAASVector: Decodable, Sendable, CustomTestStringConvertible {
    /// The login module that Java found.
    struct Entry: Decodable, Sendable {
        var loginModule: String
        var controlFlag: String
        var options: [String: String]
        var optionWithoutKey: String?
    }

    var config: String
    var entries: [Entry]?
    /// The class of Java's error, if it refuses the value.
    var error: String?
    var message: String?

    var testDescription: String { config.debugDescription }

    /// All values of the folder that `KAFKA_VECTORS` names, or of the fixtures.
    static func all() throws -> [JAASVector] {
        try VectorFolder.load("jaas.json", in: .module, as: [JAASVector].self)
    }
}
