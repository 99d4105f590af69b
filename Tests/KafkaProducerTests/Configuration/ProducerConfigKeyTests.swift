// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProducer
import Testing
import Vectors

/// The table of keys against the list of the Kafka 4.3 client's keys.
@Suite("ProducerConfigKey")
struct ProducerConfigKeyTests {
    struct Row {
        var columns: [String]
        var name: String { columns[0] }
    }

    static func rows() throws -> [Row] {
        let text = try String(contentsOf: VectorFolder.url(of: "producer-configs.tsv", in: .module), encoding: .utf8)
        return text.split(separator: "\n").dropFirst().map { line in
            Row(columns: line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
        }
    }

    @Test("the table has every key of the Java client, the two that later versions have added, and no other")
    func names() throws {
        let newer = ["client.rack", "partitioner.rack.aware"]
        #expect(ProducerConfigKey.all.map(\.name).sorted() == ((try Self.rows()).map(\.name) + newer).sorted())
    }

    @Test("types, defaults, valid values and importance are those of the Java client")
    func columns() throws {
        for row in try Self.rows() {
            let key = try #require(ProducerConfigKey.named(row.name))
            #expect(key.type.rawValue == row.columns[1], "\(row.name)")
            #expect(Self.text(key) == row.columns[2].replacingOccurrences(of: "class ", with: ""), "\(row.name)")
            #expect(key.rule.description == row.columns[3], "\(row.name)")
            #expect(key.importance.rawValue == row.columns[4], "\(row.name)")
        }
    }

    @Test("every key says in one sentence what it is for")
    func summaries() {
        for key in ProducerConfigKey.all {
            #expect(key.summary.hasSuffix(".") && key.summary.count > 10, "\(key.name)")
        }
    }

    private static func text(_ key: ProducerConfigKey) -> String {
        switch key.defaultValue {
        case .value(let text) where key.type == .list:
            "[\(text.split(separator: ",").joined(separator: ", "))]"
        case .value(let text): text
        case .null: "null"
        case .required, .requiredInJava: "<required>"
        }
    }
}
