// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The table of faults in `docs/troubleshooting.md` names the tests that back it.
@Suite("The table of faults")
struct FaultTableTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The functions of each file of tests, by the file's name.
    private static func tests() throws -> [String: String] {
        let folder = root.appendingPathComponent("Tests")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var tests: [String: String] = [:]
        for case let file as URL in files where file.pathExtension == "swift" {
            let name = file.deletingPathExtension().lastPathComponent
            tests[name, default: ""] += try String(contentsOf: file, encoding: .utf8)
        }
        return tests
    }

    @Test("each row names tests that are there")
    func rows() throws {
        let tests = try Self.tests()
        let text = try String(contentsOf: Self.root.appendingPathComponent("docs/troubleshooting.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        #expect(rows.count > 20)
        for row in rows {
            let cells = row.components(separatedBy: " | ")
            try #require(cells.count == 4, "\(row)")
            // `Suite.test`, and `.test` for another one of the same suite.
            let names = cells[3].split(separator: "`").filter { $0.contains(".") }
            #expect(!names.isEmpty, "\(row)")
            var suite = ""
            for name in names {
                let parts = name.split(separator: ".", omittingEmptySubsequences: false)
                if !parts[0].isEmpty { suite = String(parts[0]) }
                #expect(tests[suite]?.contains("func \(parts[1])(") == true, "\(name) in: \(row)")
            }
        }
    }
}
