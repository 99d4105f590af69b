// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Finds files of vectors: in the folder that `KAFKA_VECTORS` names, or among this target's fixtures.
enum VectorFile {
    /// Decodes a file of vectors.
    ///
    /// - Parameters:
    ///   - name: the file's name.
    ///   - type: what an entry is.
    /// - Returns: its entries.
    /// - Throws: whatever reading and decoding throw.
    static func load<Entry: Decodable>(_ name: String, as type: Entry.Type = Entry.self) throws -> [Entry] {
        try JSONDecoder().decode([Entry].self, from: Data(contentsOf: url(name)))
    }

    /// Where a file is.
    ///
    /// - Parameter name: the file's name.
    /// - Returns: the file in the vector folder if it is there, else the fixture.
    static func url(_ name: String) -> URL {
        let fixture = Bundle.module.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(name)
        guard let folder = ProcessInfo.processInfo.environment["KAFKA_VECTORS"] else { return fixture }
        let vector = URL(fileURLWithPath: folder).appendingPathComponent(name)
        return FileManager.default.fileExists(atPath: vector.path) ? vector : fixture
    }

    /// The bytes that a hexadecimal text stands for.
    ///
    /// - Parameter hexadecimal: two digits a byte.
    /// - Returns: the bytes.
    static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.utf8.map { UInt8($0 >= 0x61 ? $0 - 0x61 + 10 : $0 - 0x30) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
