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
        try text.split(separator: "\n").map { try JSONDecoder().decode(Receipt.self, from: Data($0.utf8)) }
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
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(LetterLine.self, from: Data($0.utf8)) }
    }
}
