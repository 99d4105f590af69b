// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaEmbeddedBroker

/// A broker's dispatcher without sockets, on a loop whose time a test moves: to see what becomes of an answer, and when.
///
/// The loop belongs to the thread that made it, so a test with a bench is a plain function: an `async` one may go on, and
/// let go of the bench, in another thread.
final class FaultBench {
    let loop = EmbeddedEventLoop()
    let cluster: Cluster
    /// What became of the broker, since it cannot be seen from outside without sockets.
    let nodes = NodeRecorder()
    private let dispatcher: RequestDispatcher
    /// What the requests of all connections may take.
    let memory: RequestMemory

    @available(*, noasync, message: "the loop must stay in its thread")
    init(_ faults: Fault..., queuedMaxRequestBytes: Int? = nil) throws {
        memory = RequestMemory(limit: queuedMaxRequestBytes, eventLoop: loop)
        var configuration = EmbeddedBroker.Configuration()
        configuration.topics = ["orders": 2]
        configuration.faults = FaultScript(faults)
        cluster = try Cluster(configuration: configuration, logger: .silent)
        cluster.nodes = NodeTable([Node(id: 1, host: "localhost", port: 9092)])
        dispatcher = RequestDispatcher(cluster: cluster, eventLoop: loop, logger: .silent)
        dispatcher.nodes = nodes
    }

    /// A connection to the broker, on the bench's loop.
    func connect(longestIdle: TimeAmount? = nil) throws -> EmbeddedChannel {
        let handler = ConnectionHandler(
            connection: Connection(id: 1, nodeID: 1, peer: "test"),
            dispatcher: dispatcher,
            memory: memory,
            maximumFrameSize: 1 << 20,
            longestIdle: longestIdle,
            logger: .silent
        )
        let channel = EmbeddedChannel(handler: handler, loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    /// How many records are in the first partition of the topic `orders`.
    var logEndOffset: Int64? { cluster.topics["orders"]?.partitions.first?.log.logEndOffset }

    /// What is done after a Produce request of three records for that partition.
    func produce(version: Int16 = 9, correlationID: Int32 = 7) throws -> Answer {
        try serve(ProduceRequest(try TestBatch.make(), topic: "orders"), version: version, correlationID: correlationID)
    }

    /// What is done after a request.
    func serve(_ request: some KafkaRequest, version: Int16, correlationID: Int32 = 7) throws -> Answer {
        let frame = try RequestFrame.encode(
            request,
            version: version,
            correlationID: correlationID,
            clientID: "test"
        )
        let body = try #require(frame.getSlice(at: frame.readerIndex + 4, length: frame.readableBytes - 4))
        return dispatcher.serve(body, from: Connection(id: 1, nodeID: 1, peer: "test"))
    }
}

/// Writes down what is done to brokers.
final class NodeRecorder: NodeControl {
    /// Each call, in words.
    private(set) var calls: [String] = []

    func takeDown(_ nodeID: Int32, _ ending: NodeEnding) { calls.append("down \(nodeID)") }
    func freeze(_ nodeID: Int32) { calls.append("freeze \(nodeID)") }
    func thaw(_ nodeID: Int32) { calls.append("thaw \(nodeID)") }
    func bringUp(_ nodeID: Int32) { calls.append("up \(nodeID)") }
    func refuseConnections(_ nodeID: Int32) { calls.append("refuse \(nodeID)") }
    func acceptConnections(_ nodeID: Int32) { calls.append("accept \(nodeID)") }
}

/// What a connection did with an answer so far.
final class AnswerRecorder {
    /// Each piece that was sent and flushed by itself.
    private(set) var pieces: [ByteBuffer] = []
    private(set) var isClosed = false
    /// Whether something is to come.
    private(set) var isWaiting = false

    init(_ answer: Answer) { take(answer) }

    /// The response in all that was sent.
    func response<Request: KafkaRequest>(to: Request.Type, version: Int16) throws -> Request.Response {
        var bytes = ByteBuffer()
        for piece in pieces { bytes.writeImmutableBuffer(piece) }
        var frame = try #require(try FrameSize.nextFrame(of: &bytes, limit: .max))
        let headerVersion = Request.Response.responseHeaderVersion(of: version)
        _ = try ResponseHeader(decoding: &frame, version: headerVersion)
        return try Request.Response(decoding: &frame, version: version)
    }

    private func take(_ answer: Answer) {
        isWaiting = false
        switch answer {
        case .silence: break
        case .send(let bytes): add(bytes)
        case .close: isClosed = true
        case .later(let deferred): wait(for: deferred)
        case .sendPart(let bytes, let deferred):
            add(bytes)
            wait(for: deferred)
        }
    }

    private func wait(for deferred: DeferredAnswer) {
        isWaiting = true
        deferred.whenComplete { self.take($0) }
    }

    private func add(_ bytes: [ByteBuffer]) {
        var piece = ByteBuffer()
        for part in bytes { piece.writeImmutableBuffer(part) }
        if piece.readableBytes > 0 { pieces.append(piece) }
    }
}
