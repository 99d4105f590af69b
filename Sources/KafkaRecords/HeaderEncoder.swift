// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Encodes the headers of one record after the other, each behind those that all records get. What is like the headers of the
/// record before is that value again, so that records with the same headers share their bytes.
public struct HeaderEncoder: Sendable {
    private let fixed: EncodedHeaders
    private let fixedCount: Int
    /// Where the fixed headers begin behind their count.
    private let fixedStart: Int
    private var bytes: [UInt8] = []
    private var payloadSize = 0
    private var last: EncodedHeaders

    /// An encoder of headers behind `fixed` ones.
    public init(behind fixed: [RecordHeader]) {
        self.fixed = EncodedHeaders(fixed)
        fixedCount = fixed.count
        fixedStart = Varint.size(Int64(fixed.count))
        last = self.fixed
    }

    /// Begins the headers of a record, which has so many of its own.
    public mutating func begin(count: Int) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(varint: Int64(fixedCount + count))
        bytes += fixed.bytes[fixedStart...]
        payloadSize = fixed.payloadSize
    }

    /// Adds a header; its name has to be UTF-8.
    public mutating func append(name: Span<UInt8>, value: Span<UInt8>?) {
        append(name)
        guard let value else { return bytes.append(varint: -1) }
        append(value)
    }

    private mutating func append(_ part: Span<UInt8>) {
        bytes.append(varint: Int64(part.count))
        unsafe part.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        payloadSize += part.count
    }

    /// The headers of the record.
    public mutating func finish() -> EncodedHeaders {
        if bytes != last.bytes { last = EncodedHeaders(bytes: bytes, payloadSize: payloadSize) }
        return last
    }
}
