// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// Finds files of vectors: in the folder that `KAFKA_VECTORS` names, or among a test target's fixtures.
public enum VectorFolder {
    /// Where a file is.
    ///
    /// - Parameters:
    ///   - file: The file's name.
    ///   - bundle: The test target's own bundle, which holds its fixtures.
    /// - Returns: The file in the vector folder if it is there, else the fixture.
    public static func url(of file: String, in bundle: Bundle) -> URL {
        let fixture = bundle.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(file)
        guard let folder = ProcessInfo.processInfo.environment["KAFKA_VECTORS"] else { return fixture }
        let vector = URL(fileURLWithPath: folder).appendingPathComponent(file)
        return FileManager.default.fileExists(atPath: vector.path) ? vector : fixture
    }

    /// Where a file is that several test targets use.
    ///
    /// - Parameter file: The file's name.
    /// - Returns: The file in the vector folder if it is there, else the common fixture.
    public static func sharedURL(of file: String) -> URL { url(of: file, in: .module) }

    /// The entries of a file of vectors that several test targets use.
    ///
    /// - Throws: Whatever reading and decoding throw.
    public static func loadShared<Entry: Decodable>(_ file: String, as type: Entry.Type) throws -> Entry {
        try load(file, in: .module, as: type)
    }

    /// The entries of a file of vectors.
    ///
    /// - Throws: Whatever reading and decoding throw.
    public static func load<Entry: Decodable>(_ file: String, in bundle: Bundle, as type: Entry.Type) throws -> Entry {
        try JSONDecoder().decode(type, from: Data(contentsOf: url(of: file, in: bundle)))
    }
}
