// SPDX-License-Identifier: Apache-2.0

/// One place that settings come from (a file, an option), in the order in which it wrote them.
public struct PropertySource: Sendable, Hashable {
    /// One `key=value`.
    public struct Entry: Sendable, Hashable {
        /// The setting's name.
        public var key: String
        /// The value as written, not trimmed.
        public var value: String
        /// The line of the file it begins on, counted from 1.
        public var line: Int?

        /// Creates an entry.
        ///
        /// - Parameters:
        ///   - key: the setting's name.
        ///   - value: the value as written.
        ///   - line: the line of the file it begins on, counted from 1.
        public init(key: String, value: String, line: Int? = nil) {
            self.key = key
            self.value = value
            self.line = line
        }
    }

    /// The file's path or the option's name, for messages.
    public var name: String
    /// What it sets; of two entries with one key the later wins.
    public var entries: [Entry]
    /// Whether a key that Kafka's producer does not have is an error: a slip of the hand, as on a command line. Otherwise
    /// it is a warning, for a file may serve other programs too.
    public var refusesUnknownKeys = false

    /// Creates a source of several entries.
    ///
    /// - Parameters:
    ///   - name: the file's path or the option's name.
    ///   - entries: what it sets.
    public init(name: String, entries: [Entry]) {
        self.name = name
        self.entries = entries
    }

    /// Creates a source of one setting, as an option gives it; an unknown key is an error.
    ///
    /// - Parameters:
    ///   - name: the option's name, such as `-X`.
    ///   - key: the setting's name.
    ///   - value: the value as written.
    public init(name: String, key: String, value: String) {
        self.init(name: name, entries: [Entry(key: key, value: value)])
        refusesUnknownKeys = true
    }
}
