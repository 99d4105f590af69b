// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A line of `--receipts`, as another JSON parser reads it.
struct Receipt: Decodable, Equatable, Sendable {
    var file: String
    var line: Int
    var byteOffset: Int
    var topic: String
    var partition: Int32
    var offset: Int64?
    var timestamp: Int64

    /// The receipts in a text of lines.
    static func all(in text: some StringProtocol) throws -> [Receipt] {
        try decoded(lines: text)
    }
}

/// A line of a dead-letter file, as another JSON parser reads it: the parts that are plain values.
struct LetterLine: Decodable, Equatable, Sendable {
    var file: String
    var line: Int
    var byteOffset: Int
    var error: String
    var message: String
    var attempts: Int
    var time: String
    var topic: String
    var partition: Int32?
    var explicitPartition: Bool
    var timestamp: Int64?
    var truncated: Bool?
    var size: Int?

    /// The lines of a dead-letter file; none when there is no such file.
    static func all(in path: String) throws -> [LetterLine] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try decoded(lines: String(contentsOfFile: path, encoding: .utf8))
    }
}

/// What lines of JSON say, one value a line. They are decoded as one array: to begin with each of thousands of lines anew is slow.
private func decoded<Value: Decodable>(lines text: some StringProtocol) throws -> [Value] {
    let lines = text.split(separator: "\n")
    let values = try JSONDecoder().decode([Value].self, from: Data(("[" + lines.joined(separator: ",") + "]").utf8))
    guard values.count == lines.count else { throw HarnessError("\(lines.count) lines hold \(values.count) values") }
    return values
}
