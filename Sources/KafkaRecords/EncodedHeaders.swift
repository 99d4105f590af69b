// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// The headers of a record as its last bytes: encoded once, then copied behind every record that carries them.
///
///     count varint, then for each: name length varint · name · value length varint (-1 for null) · value
public struct EncodedHeaders: Sendable, Hashable {
    /// No headers: the count, zero.
    public static let none = EncodedHeaders([])

    /// The encoded bytes, never empty.
    let bytes: [UInt8]
    /// Bytes of names and values alone, without counts and lengths.
    public let payloadSize: Int

    /// Headers that are encoded already.
    init(bytes: [UInt8], payloadSize: Int) {
        self.bytes = bytes
        self.payloadSize = payloadSize
    }

    /// Encodes `headers` in their order.
    public init(_ headers: [RecordHeader]) {
        var bytes: [UInt8] = []
        var payloadSize = 0
        bytes.append(varint: Int64(headers.count))
        for header in headers {
            let name = header.name.utf8
            bytes.append(varint: Int64(name.count))
            bytes.append(contentsOf: name)
            payloadSize += name.count
            guard let value = header.value else {
                bytes.append(varint: -1)
                continue
            }
            bytes.append(varint: Int64(value.readableBytes))
            bytes.append(contentsOf: value.readableBytesView)
            payloadSize += value.readableBytes
        }
        self.bytes = bytes
        self.payloadSize = payloadSize
    }

    /// Bytes that the headers take in a record, 1 for none.
    public var size: Int { bytes.count }

    /// Whether there are no headers.
    public var isEmpty: Bool { bytes.count == 1 }
}

extension [UInt8] {
    /// Appends a number as the encoding of records has it.
    mutating func append(varint value: Int64) {
        var rest = Varint.zigZag(value)
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
