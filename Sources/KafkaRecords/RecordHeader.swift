// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// A name and a value that travel with a record (KIP-82). Names may repeat; their order is kept.
public struct RecordHeader: Sendable, Hashable {
    /// The header's name, Kafka's "header key".
    public var name: String
    /// The header's bytes, or nil for null.
    public var value: ByteBuffer?

    /// A header of these bytes.
    public init(name: String, value: ByteBuffer?) {
        self.name = name
        self.value = value
    }

    /// A header whose value is the UTF-8 of `text`.
    public init(name: String, text: String) {
        self.init(name: name, value: ByteBuffer(string: text))
    }
}
