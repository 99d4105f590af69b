// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A new case of a public enum breaks each `switch` of a caller, unless the enum says that it may grow.
@Suite("Public enums")
struct PublicEnumTests {
    /// Enums that stay as they are: a caller has to handle every case, and a new one should not compile unseen.
    private static let closed: Set<String> = [
        // What became of a record or batch: whoever overlooks a case loses records.
        "DeliveryReport.Outcome", "RecordAppender.Outcome", "RecordAppender.RunOutcome", "RecordAppender.WaitOutcome",
        "RecordRun.Outcome",
        // Kafka's own sets, and pairs that cannot have a third.
        "Acks", "DNSLookup", "Idempotence", "MetadataRecoveryStrategy", "SecurityProtocol", "SerializedForm",
        "ProducerConfigKey.Default", "ProducerConfigKey.Importance", "ProducerConfigKey.Support",
        "ConfigurationNotice.Severity", "PathKind", "IsolationLevel",
        // Where reading begins and ends: a reader that passes over a case reads something else.
        "ReadStart", "ReadEnd",
        // Names without cases.
        "BrokerControl", "ClientSoftware", "Murmur2", "SpoiledBatch",
    ]

    /// The enums of the library and of what its signatures name: name, and whether they may grow.
    private static func found() throws -> [String: Bool] {
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        var found: [String: Bool] = [:]
        for module in ["KafkaProducer", "KafkaClient", "KafkaReader", "KafkaEmbeddedBroker"] {
            let folder = package.appendingPathComponent("Sources/\(module)").path
            for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? []
            where name.hasSuffix(".swift") {
                let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                found.merge(enums(in: text.split(separator: "\n"))) { $1 }
            }
        }
        return found
    }

    private static func enums(in lines: [Substring]) -> [String: Bool] {
        let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "extension"]
        var found: [String: Bool] = [:]
        var outer: Substring = ""
        for (index, line) in lines.enumerated() {
            let isInner = line.utf8.first == UInt8(ascii: " ")
            guard !isInner || line.hasPrefix("    public enum "), !line.hasPrefix("/") else { continue }
            let words = line.split { " :{<(".contains($0) }
            guard let kind = words.firstIndex(where: kinds.contains), kind + 1 < words.count else { continue }
            let name = words[kind + 1]
            if !isInner { outer = name }
            guard words.starts(with: ["public", "enum"]) else { continue }
            let mayGrow = index > 0 && lines[index - 1].contains("@nonexhaustive")
            found[isInner ? "\(outer).\(name)" : String(name)] = mayGrow
        }
        return found
    }

    @Test("each says that it may grow, or is listed as one that does not")
    func decided() throws {
        let enums = try Self.found()
        #expect(enums["ProducerError.Code"] == true && enums["ProducerEvent"] == true && enums["StallReason"] == true)
        #expect(Set(enums.filter { !$0.value }.keys) == Self.closed)
    }
}
