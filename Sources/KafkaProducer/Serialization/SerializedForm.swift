// SPDX-License-Identifier: Apache-2.0

/// What a serializer made of a text.
public enum SerializedForm: Sendable, Hashable {
    /// The bytes that were written into the buffer.
    case bytes
    /// No value at all: a null key or value.
    case null
}
