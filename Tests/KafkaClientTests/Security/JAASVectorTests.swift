// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The Java client's word on values of `sasl.jaas.config`.
@Suite("JAAS Vectors")
struct JAASVectorTests {
    @Test("every value is read or refused as by the Java client", arguments: try JAASVector.all())
    func parsing(vector: JAASVector) throws {
        switch Result(catching: { () throws(JAASError) in try JAASConfiguration(parsing: vector.config) }) {
        case .success(let configuration):
            let entry = try #require(vector.entries?.first, "Java refuses it: \(vector.message ?? "")")
            #expect(configuration.className == entry.loginModule)
            #expect(configuration.controlFlag.rawValue == entry.controlFlag)
            #expect(configuration.options.mapValues(\.text) == entry.options)
            #expect(configuration.valueWithoutName?.text == entry.optionWithoutKey)
        case .failure(let error):
            #expect(vector.error == "IllegalArgumentException", "Java takes it: \(error)")
            #expect(Self.java(error.reason) == vector.message)
        }
    }

    /// Java's words, in which names are shown.
    private static func java(_ reason: JAASError.Reason) -> String? {
        switch reason {
        case .empty: "Login module not specified in JAAS config"
        case .controlFlagMissing: "Login module control flag not specified in JAAS config"
        case .controlFlagNoWord: "Login module control flag is not available in the JAAS config"
        case .controlFlagUnknown(let word): "Invalid login module control flag '\(word.text)' in JAAS config"
        case .valueMissing(let option): "Value not specified for key '\(option?.text ?? "null")' in JAAS config"
        case .notTerminated: "JAAS config entry not terminated by semi-colon"
        case .loginModuleNoWord: nil
        case .loginModules(let count): "JAAS config property contains \(count) login modules, should be 1 module"
        case .loginModuleNotAllowed(let name):
            "\(name.text) is not allowed. The system property 'org.apache.kafka.disallowed.login.modules' is deprecated. "
                + "Use the org.apache.kafka.allowed.login.modules to allow this module. "
                + "e.g.,-Dorg.apache.kafka.allowed.login.modules=\(name.text)"
        case .loginModuleUnknown: "no words of Java's"
        }
    }
}
