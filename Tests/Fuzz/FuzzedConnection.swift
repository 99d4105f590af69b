// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOEmbedded

@testable import KafkaClient

/// What comes from a connection.
enum FuzzedConnection {
    static func frames(_ bytes: [UInt8]) {
        let channel = EmbeddedChannel()
        try? channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(ResponseDecoder()))
        // In two pieces, so that a frame may be cut.
        let middle = bytes.count / 2
        for piece in [bytes[..<middle], bytes[middle...]] { _ = try? channel.writeInbound(ByteBuffer(bytes: piece)) }
        var count = 0
        while let frame = try? channel.readInbound(as: ByteBuffer.self) { count += 4 + frame.readableBytes }
        precondition(count <= bytes.count, "more bytes in frames than came")
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    static func http(_ bytes: [UInt8]) {
        guard let url = try? HTTPURL("http://h/") else { return }
        let channel = EmbeddedChannel()
        let promise = channel.eventLoop.makePromise(of: HTTPAnswer.self)
        promise.futureResult.whenSuccess { answer in precondition(answer.body.count <= HTTPAnswer.mostBytes) }
        let request = HTTPRequest(.get, url)
        let exchange = HTTPExchange(request, timeouts: HTTPTimeouts(), handshake: nil, promise: promise)
        try? exchange.addHandlers(to: channel)
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
