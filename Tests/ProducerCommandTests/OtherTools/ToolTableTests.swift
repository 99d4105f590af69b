// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Each option of each other tool on the built command, and what docs/other-tools.md says of them.
@Suite("The options of other tools", .takesTurns, .timeLimit(.minutes(20)))
struct ToolTableTests {
    @Test("kcat -P", arguments: ToolTable.kcat.rows)
    func kcat(row: ToolRow) async throws { try await row.perform() }

    @Test("kafka-console-producer", arguments: ToolTable.console.rows)
    func console(row: ToolRow) async throws { try await row.perform() }

    @Test("kafka-producer-perf-test", arguments: ToolTable.perf.rows)
    func perf(row: ToolRow) async throws { try await row.perform() }

    @Test("rpk topic produce", arguments: ToolTable.rpk.rows)
    func rpk(row: ToolRow) async throws { try await row.perform() }

    @Test("the document has the counts of these tables, and names each of their options")
    func document() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../docs/other-tools.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let sections = text.split(separator: "\n## ").dropFirst()
        for table in ToolTable.all {
            let section = try #require(sections.first { $0.hasPrefix(table.tool) }, "\(table.tool)")
            #expect(section.contains(table.count), "\(table.tool): \(table.count)")
            for row in table.rows {
                for name in row.option.split(separator: ", ") {
                    let word = name.split(separator: " ")[0]
                    #expect(section.contains(word == "FILE..." ? "`FILE`" : "\(word)"), "\(table.tool): \(name)")
                }
            }
        }
    }
}
