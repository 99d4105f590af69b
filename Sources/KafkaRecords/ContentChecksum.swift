// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
public import NIOCore

/// A checksum of what records say, one after the other, whatever batches and codecs they travel in.
public struct ContentChecksum: Sendable, Hashable {
    /// The checksum of the records so far.
    public private(set) var value: UInt32 = 0
    private var scratch = ByteBuffer()

    /// Of no record yet.
    public init() {}

    /// Takes a record in.
    ///
    /// - Parameters:
    ///   - key: The key, nil for null.
    ///   - value: The value, nil for null.
    ///   - headers: The headers in their order.
    ///   - timestamp: Milliseconds since 1970, nil where brokers set it.
    public mutating func add(key: ByteBuffer?, value: ByteBuffer?, headers: [RecordHeader], timestamp: Int64?) {
        scratch.clear()
        scratch.writeInteger(timestamp ?? -1)
        write(key)
        write(value)
        scratch.writeInteger(Int32(clamping: headers.count))
        for header in headers {
            write(ByteBuffer(string: header.name))
            write(header.value)
        }
        self.value = CRC32C.checksum(of: scratch.readableBytesSpan, continuing: self.value)
    }

    private mutating func write(_ bytes: ByteBuffer?) {
        scratch.writeInteger(Int32(clamping: bytes?.readableBytes ?? -1))
        if let bytes { scratch.writeImmutableBuffer(bytes) }
    }

    /// Whether both are of the same records.
    public static func == (first: Self, second: Self) -> Bool { first.value == second.value }

    /// Hashes the checksum.
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
