// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaClient

/// Responses cut out of a stream of bytes.
@Suite("ResponseDecoder")
struct ResponseDecoderTests {
    private static let bodies = ["four", "a longer response", "eight888", String(repeating: "x", count: 300)]

    private static var stream: ByteBuffer {
        var buffer = ByteBuffer()
        for body in bodies {
            buffer.writeInteger(Int32(body.utf8.count))
            buffer.writeString(body)
        }
        return buffer
    }

    private func read(_ channel: EmbeddedChannel) throws -> [String] {
        var result: [String] = []
        while let frame = try channel.readInbound(as: ByteBuffer.self) { result.append(String(buffer: frame)) }
        return result
    }

    @Test("responses come out whole, however the bytes are cut", arguments: [1, 2, 3, 5, 7, 64, 10_000])
    func pieces(size: Int) throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(ResponseDecoder()))
        var stream = Self.stream
        while let piece = stream.readSlice(length: min(size, stream.readableBytes)), piece.readableBytes > 0 {
            try channel.writeInbound(piece)
        }
        #expect(try read(channel) == Self.bodies)
        #expect(try channel.finish().isClean)
    }

    @Test("responses come out whole, wherever the one cut is")
    func everyCut() throws {
        let stream = Self.stream
        for cut in 0...stream.readableBytes {
            let channel = EmbeddedChannel(handler: ByteToMessageHandler(ResponseDecoder()))
            var rest = stream
            if let first = rest.readSlice(length: cut) { try channel.writeInbound(first) }
            try channel.writeInbound(rest)
            #expect(try read(channel) == Self.bodies, "cut at \(cut)")
            _ = try channel.finish()
        }
    }

    @Test("a response that is cut off by the end of the connection is dropped")
    func truncated() throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(ResponseDecoder()))
        var stream = Self.stream
        stream.moveWriterIndex(to: stream.writerIndex - 1)
        try channel.writeInbound(stream)
        #expect(try read(channel) == Array(Self.bodies.dropLast()))
        _ = try? channel.finish()
        #expect(try read(channel) == [])
    }

    @Test("a size that no response has ends the connection", arguments: [Int32(-1), 0, 3, 104_857_601, .max, .min])
    func sizes(size: Int32) throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(ResponseDecoder()))
        let error = #expect(throws: ConnectionError.self) {
            try channel.writeInbound(ByteBuffer(integer: size))
        }
        #expect(error?.reason.contains("\(size) bytes") == true)
        _ = try? channel.finish()
    }

    @Test(
        "the first bytes of another server are told as what they are",
        arguments: [
            (Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), ListenerMismatch.http, "answers in HTTP"),
            ([0x15, 3, 3, 0, 2, 2, 10], .tls, "looks like TLS"), ([0x15, 3, 1, 0, 2, 2, 40], .tls, "looks like TLS"),
            ([0x16, 3, 3, 0, 90], .tls, "looks like TLS"),
            (Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), nil, "is this a Kafka broker's port?"),
        ] as [([UInt8], ListenerMismatch?, String)]
    )
    func anotherServer(bytes: [UInt8], mismatch: ListenerMismatch?, text: String) throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(ResponseDecoder()))
        let error = #expect(throws: ConnectionError.self) { try channel.writeInbound(ByteBuffer(bytes: bytes)) }
        #expect(error?.reason.contains(text) == true)
        #expect(error?.mismatch == mismatch)
        _ = try? channel.finish()
    }

    @Test("later bytes say nothing about the peer: they may be damaged")
    func damagedLater() throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(ResponseDecoder()))
        var stream = Self.stream
        stream.writeBytes([0x15, 3, 3, 0, 2, 2, 10])
        let error = #expect(throws: ConnectionError.self) { try channel.writeInbound(stream) }
        #expect(error != nil && error?.mismatch == nil)
        _ = try? channel.finish()
    }
}
