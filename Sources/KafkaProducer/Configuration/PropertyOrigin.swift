// SPDX-License-Identifier: Apache-2.0

/// Where a setting was written, so that an error can point to it: `producer.config:12`, `-X`, `--bootstrap-server`.
public struct PropertyOrigin: Sendable, Hashable, CustomStringConvertible {
    /// The file's path or the option's name.
    public var source: String
    /// The line in the file, counted from 1, or `nil` for an option.
    public var line: Int?

    /// Creates an origin.
    ///
    /// - Parameters:
    ///   - source: the file's path or the option's name.
    ///   - line: the line in the file, counted from 1.
    public init(source: String, line: Int? = nil) {
        self.source = source
        self.line = line
    }

    /// `source:line`, or the source alone.
    public var description: String { line.map { "\(source):\($0)" } ?? source }
}
