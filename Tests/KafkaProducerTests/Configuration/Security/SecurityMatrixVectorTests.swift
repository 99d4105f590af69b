// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import KafkaProducer

/// Security settings against what a real Java producer makes of them.
@Suite("SecurityMatrixVector")
struct SecurityMatrixVectorTests {
    /// What is wrong with a set of settings; nil when a producer can be made with it.
    private static func fault(_ entry: SecurityMatrixEntry) -> ConfigurationError? {
        do throws(ConfigurationError) {
            var configuration = try ProducerConfiguration(merging: [entry.source])
            try configuration.prepareSecurity()
            return nil
        } catch {
            return error
        }
    }

    /// Why the two may differ on a set of settings of which this is wrong here.
    private static func differences(_ entry: SecurityMatrixEntry, _ fault: ConfigurationError?) -> [SecurityDifference]
    {
        SecurityDifference.allCases.filter { $0.explains(entry, fault) }
    }

    @Test(
        "every set is accepted or refused as in Java, but for what is listed",
        arguments: try SecurityMatrixEntry.all()
    )
    func matrix(entry: SecurityMatrixEntry) throws {
        let fault = Self.fault(entry)
        guard (fault == nil) == entry.isAccepted else {
            #expect(!Self.differences(entry, fault).isEmpty, "\(fault?.description ?? "accepted here only")")
            return
        }
        guard let fault else { return }
        #expect(fault.key != nil && fault.origin?.description == "client.properties:1", "\(fault)")
        let isClass = entry.message?.hasSuffix("could not be found.") ?? false
        if entry.error == "ConfigException", !isClass { #expect(fault.javaMessage == entry.message) }
        for cause in entry.causes ?? [] {
            // Settings that contradict each other are told in Kafka's words.
            let text = cause.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
            guard cause.hasPrefix("InvalidConfigurationException: "), text.contains("specified") else { continue }
            // A login that is refused at the start here only is told before what is wrong with TLS.
            #expect(fault.description.contains(text) || fault.key?.hasPrefix("sasl.") == true)
        }
    }

    @Test("what Java accepts has the same effective values", arguments: try SecurityMatrixEntry.all())
    func effective(entry: SecurityMatrixEntry) throws {
        guard let expected = entry.effective else { return }
        let entries = entry.config.map { PropertySource.Entry(key: $0.key, value: $0.value) }
        let configuration = try ProducerConfiguration(merging: [PropertySource(name: "test", entries: entries)])
        for (key, value) in expected {
            // Java writes "class" before the name of one.
            let text = configuration.effective(key)
            #expect(text == value || "class \(text ?? "")" == value, "\(key)")
        }
    }

    @Test("each listed difference is one", .enabled(if: ProcessInfo.processInfo.environment["KAFKA_VECTORS"] == nil))
    func differences() throws {
        var found: Set<SecurityDifference> = []
        for entry in try SecurityMatrixEntry.all() {
            let fault = Self.fault(entry)
            if (fault == nil) != entry.isAccepted { found.formUnion(Self.differences(entry, fault)) }
        }
        for difference in SecurityDifference.allCases {
            #expect(found.contains(difference), "\(difference.rawValue)")
        }
    }
}
