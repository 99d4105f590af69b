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
        "ConfigurationNotice.Severity", "PathKind",
        // Names without cases.
        "ClientSoftware", "Murmur2",
    ]

    /// The enums of the library products: name, and whether they may grow.
    private static func found() throws -> [String: Bool] {
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        var found: [String: Bool] = [:]
        for module in ["KafkaProducer", "KafkaEmbeddedBroker"] {
            let folder = package.appendingPathComponent("Sources/\(module)")
            for case let file as URL in try #require(
                FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            )
            where file.pathExtension == "swift" {
                let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
                var outer = ""
                for (index, line) in lines.enumerated() {
                    let words = line.split(whereSeparator: { " :{<".contains($0) }).map(String.init)
                    if line.first?.isWhitespace == false,
                        let keyword = words.firstIndex(where: { Self.types.contains($0) })
                    {
                        outer = words[keyword + 1]
                    }
                    guard let keyword = words.firstIndex(of: "enum"), words.first == "public" else { continue }
                    let name = words[keyword + 1]
                    let isInner = line.first?.isWhitespace == true
                    found[isInner ? "\(outer).\(name)" : name] =
                        index > 0 && lines[index - 1].contains("@nonexhaustive")
                }
            }
        }
        return found
    }

    private static let types: Set<String> = ["struct", "class", "enum", "actor", "extension"]

    @Test("each says that it may grow, or is listed as one that does not")
    func decided() throws {
        let enums = try Self.found()
        #expect(enums["ProducerError.Code"] == true && enums["ProducerEvent"] == true && enums["StallReason"] == true)
        #expect(Set(enums.filter { !$0.value }.keys) == Self.closed)
    }
}
