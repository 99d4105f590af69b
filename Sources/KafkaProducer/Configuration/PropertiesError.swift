// SPDX-License-Identifier: Apache-2.0

/// Why a properties file cannot be read.
public struct PropertiesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line on which the entry at fault begins, counted from 1.
    public var line: Int
    /// The message of `java.util.Properties`, word by word.
    public var message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - line: the line on which the entry at fault begins, counted from 1.
    ///   - message: what `java.util.Properties` says.
    public init(line: Int, message: String) {
        self.line = line
        self.message = message
    }

    /// The line and the message.
    public var description: String { "line \(line): \(message)" }
}
