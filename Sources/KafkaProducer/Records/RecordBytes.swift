// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// What a record's key or value can be made of. Text is written as UTF-8.
public protocol RecordBytes {
    /// The bytes as they are sent.
    var recordBytes: [UInt8] { get }
}

extension Array: RecordBytes where Element == UInt8 {
    /// The bytes themselves.
    public var recordBytes: [UInt8] { self }
}

extension ArraySlice: RecordBytes where Element == UInt8 {
    /// A copy of the bytes.
    public var recordBytes: [UInt8] { Array(self) }
}

extension String: RecordBytes {
    /// The text in UTF-8.
    public var recordBytes: [UInt8] { Array(utf8) }
}

extension Substring: RecordBytes {
    /// The text in UTF-8.
    public var recordBytes: [UInt8] { Array(utf8) }
}

extension ByteBuffer: RecordBytes {
    /// A copy of the readable bytes.
    public var recordBytes: [UInt8] { Array(readableBytesView) }
}
