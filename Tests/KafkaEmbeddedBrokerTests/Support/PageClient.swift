// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Testing

@testable import KafkaEmbeddedBroker

/// A client of the page that sends what it is told, right or wrong, and reads to the end of the connection.
struct PageClient {
    /// What came, cut at the first empty line.
    struct Answer {
        var head: String
        var body: String
        var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
    }

    let port: Int

    init(_ broker: EmbeddedBroker) throws {
        let address = try #require(broker.uiAddress)
        try #require(address.hasPrefix("http://127.0.0.1:"))
        port = try #require(Int(address.dropFirst("http://127.0.0.1:".count).dropLast()))
    }

    func get(_ path: String, method: String = "GET", host: String? = "localhost") async throws -> Answer {
        let header = host.map { "Host: \($0)\r\n" } ?? ""
        return try await exchange("\(method) \(path) HTTP/1.1\r\n\(header)\r\n")
    }

    func exchange(_ request: String) async throws -> Answer {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .connectTimeout(.hours(24))
            .connect(to: SocketAddress(ipAddress: "127.0.0.1", port: port)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let text = try await channel.executeThenClose { inbound, outbound in
            // The other side may have had enough already.
            try? await outbound.write(ByteBuffer(string: request))
            var answer = ByteBuffer()
            for try await var bytes in inbound { answer.writeBuffer(&bytes) }
            return String(buffer: answer)
        }
        guard let end = text.firstRange(of: "\r\n\r\n") else { return Answer(head: text, body: "") }
        return Answer(head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
    }
}
