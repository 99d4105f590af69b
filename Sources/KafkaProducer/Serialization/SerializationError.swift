// SPDX-License-Identifier: Apache-2.0

/// A text that is not of the type its serializer writes.
public struct SerializationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The serializer's short name, such as `Integer`.
    public var serializer: String
    /// What a text for it looks like.
    public var expected: String
    /// The beginning of the text that was given, made printable.
    public var found: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - serializer: the serializer's short name.
    ///   - expected: what a text for it looks like.
    ///   - found: the beginning of the text, made printable.
    public init(serializer: String, expected: String, found: String) {
        self.serializer = serializer
        self.expected = expected
        self.found = found
    }

    /// One sentence: the serializer, what it expects, what it got.
    public var description: String { "\(serializer) serializer: expected \(expected), got \(found)" }
}
