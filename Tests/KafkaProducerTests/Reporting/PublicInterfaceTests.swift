// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What callers compile against does not change unseen.
@Suite("Public interface")
struct PublicInterfaceTests {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("the public declarations of the library are those of docs/public-api.txt")
    func listed() throws {
        let process = Process()
        process.executableURL = Self.package.appendingPathComponent("Scripts/public-api")
        process.arguments = ["--check"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let changes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: changes, as: UTF8.self))")
    }

    @Test("each piece of code in the articles is compiled in Examples")
    func articles() throws {
        let examples = Self.package.appendingPathComponent("Examples")
        var compiled = ""
        for name in FileManager.default.enumerator(atPath: examples.path)?.compactMap({ $0 as? String }) ?? []
        where name.hasSuffix(".swift") && !name.hasPrefix(".build") {
            compiled += try Self.lines(of: String(contentsOf: examples.appendingPathComponent(name), encoding: .utf8))
        }
        let catalogue = Self.package.appendingPathComponent("Sources/KafkaProducer/KafkaProducer.docc")
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: catalogue.path) where name.hasSuffix(".md") {
            let article = try String(contentsOf: catalogue.appendingPathComponent(name), encoding: .utf8)
            let pieces = article.components(separatedBy: "```swift\n").dropFirst()
            for piece in pieces {
                let code = Self.lines(of: piece.components(separatedBy: "\n```")[0])
                #expect(compiled.contains(code), "\(name): not in Examples:\n\(code)")
                count += 1
            }
        }
        #expect(count >= 10)
    }

    /// The lines without their indentation.
    private static func lines(of text: String) -> String {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) + "\n" }.joined()
    }
}
