// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProducer
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import OrderService
import ServiceLifecycle
import Testing

/// The HTTP service, asked over a connection.
@Suite("Order service", .timeLimit(.minutes(5)))
struct OrderServiceTests {
    @Test("an order and its invoice are committed together, and a graceful shutdown ends both services")
    func order() async throws {
        try await EmbeddedBroker.withCluster(topics: ["orders": 1, "invoices": 1]) { cluster in
            var configuration = try configuration(of: cluster)
            configuration.transactionalID = "orders"
            let producer = try KafkaProducer(configuration: configuration)
            let (ports, listening) = AsyncStream.makeStream(of: Int.self)
            let server = OrderServer(desk: OrderDesk(producer: producer), port: 0) { listening.yield($0) }
            let group = ServiceGroup(services: [producer, server], logger: Logger(label: "test"))
            async let running: Void = group.run()
            for await port in ports {
                #expect(try await status(of: post("one coffee", to: "/orders", port)) == .created)
                #expect(try await status(of: post("", to: "/orders", port)) == .badRequest)
                #expect(try await status(of: post("one coffee", to: "/", port)) == .notFound)
                break
            }
            await group.triggerGracefulShutdown()
            try await running
            let invoices = try await cluster.committedRecords(topic: "invoices", partition: 0)
            #expect(invoices.map { $0.value.map { String(buffer: $0) } } == ["invoice for one coffee"])
            #expect(try await cluster.committedRecords(topic: "orders", partition: 0).count == 1)
            await #expect(throws: ProducerError.self) { try await producer.beginTransaction() }
        }
    }

    private struct Request {
        var body: String
        var path: String
        var port: Int
    }

    private func post(_ body: String, to path: String, _ port: Int) -> Request {
        Request(body: body, path: path, port: port)
    }

    private func status(of request: Request) async throws -> HTTPResponseStatus? {
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: request.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel
                    )
                }
            }
        return try await connection.executeThenClose { responses, requests in
            let headers: HTTPHeaders = [
                "host": "localhost", "content-length": "\(request.body.utf8.count)", "connection": "close",
            ]
            let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: request.path, headers: headers)
            try await requests.write(contentsOf: [
                .head(head), .body(.byteBuffer(ByteBuffer(string: request.body))), .end(nil),
            ])
            for try await case .head(let head) in responses { return head.status }
            return nil
        }
    }
}
