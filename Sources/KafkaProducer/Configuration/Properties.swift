// SPDX-License-Identifier: Apache-2.0

/// The entries of a file in the format of `java.util.Properties`, in the order in which the file has them.
///
/// Bytes are ISO-8859-1, as `Properties.load(InputStream)` reads them: what lies beyond Latin-1 is written `\uXXXX`.
public struct Properties: Sendable, Hashable {
    /// Every entry, those that a later one overrides included.
    public let entries: [PropertySource.Entry]

    /// Reads a file's bytes.
    ///
    /// - Parameter bytes: the whole file.
    /// - Throws: `PropertiesError` for a malformed `\uXXXX`.
    public init(bytes: [UInt8]) throws(PropertiesError) {
        try self.init(units: bytes.map(UInt16.init))
    }

    /// Reads text that was decoded already, as Kafka's `FileConfigProvider` does with UTF-8.
    ///
    /// - Parameter text: the whole file.
    /// - Throws: `PropertiesError` for a malformed `\uXXXX`.
    public init(text: String) throws(PropertiesError) {
        try self.init(units: Array(text.utf16))
    }

    private init(units: [UInt16]) throws(PropertiesError) {
        var lines = PropertiesLineReader(units: units)
        var entries: [PropertySource.Entry] = []
        while let line = lines.next() {
            entries.append(try PropertiesLine(units: line.units, number: line.number).entry())
        }
        self.entries = entries
    }

    /// The value of a key: of several entries the last.
    public subscript(key: String) -> String? { entries.last { $0.key == key }?.value }
}
