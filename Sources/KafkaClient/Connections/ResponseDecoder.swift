// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Cuts the bytes of a connection into responses by their size prefix.
struct ResponseDecoder: NIOSingleStepByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    /// Nothing a producer asks for is answered with more than this.
    static let largestResponse = 100 << 20

    private var hasDecoded = false

    mutating func decode(buffer: inout ByteBuffer) throws -> ByteBuffer? {
        guard let size = buffer.getInteger(at: buffer.readerIndex, as: Int32.self) else { return nil }
        guard size >= 4, size <= Self.largestResponse else {
            // Later bytes may be damaged ones; the first ones say what the peer is.
            let mismatch = hasDecoded ? nil : ListenerMismatch(firstBytes: UInt32(bitPattern: size))
            let reason = "it sent a response of \(size) bytes; is this a Kafka broker's port?"
            throw ConnectionError(reason: mismatch.map { "it \($0)" } ?? reason, mismatch: mismatch)
        }
        hasDecoded = true
        guard buffer.readableBytes >= 4 + Int(size) else { return nil }
        buffer.moveReaderIndex(forwardBy: 4)
        return buffer.readSlice(length: Int(size))
    }

    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> ByteBuffer? {
        try decode(buffer: &buffer)
    }
}

/// Why a connection was given up.
struct ConnectionError: Error, CustomStringConvertible {
    let reason: String
    /// What the peer is, if it is no broker's plain-text listener.
    var mismatch: ListenerMismatch?
    var description: String { reason }
}
