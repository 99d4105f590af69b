// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// A value that nobody may read by chance: a password, a private key, or a text with one in it. Kafka's type `PASSWORD`.
///
/// Description and mirror say `[hidden]`, as Kafka does. In code it is written as a text: `store.password = "changeit"`.
public struct Password: Sendable, ExpressibleByStringLiteral {
    let secret: Secret

    /// Keeps a text.
    ///
    /// - Parameter text: what is not to be shown.
    public init(_ text: String) {
        secret = Secret(text)
    }

    /// Keeps a literal.
    ///
    /// - Parameter value: what is not to be shown.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// The text, for whoever needs it to log in or to open a store.
    var text: String { secret.text }
}

extension Password: Hashable {
    /// Whether both are the same text; the time it takes does not tell where they differ.
    public static func == (one: Password, other: Password) -> Bool { one.secret == other.secret }

    /// Hashes what may be known: whether there is something to hide.
    public func hash(into hasher: inout Hasher) { hasher.combine(secret.isEmpty) }
}

extension Password: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `[hidden]`, always.
    public var description: String { secret.description }
    /// `[hidden]`, always.
    public var debugDescription: String { description }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
