// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on a loopback port that answers each connection with the next of some texts, once the whole request is there.
/// It keeps the requests.
final class ScriptedServer: Sendable {
    /// What a connection gets.
    enum Answer: Sendable {
        /// These bytes, and the end.
        case bytes([UInt8])
        /// These bytes, and nothing more until the client closes.
        case silence(after: [UInt8])
        /// These bytes before anything is read, and nothing more until the client closes.
        case greeting([UInt8])
        /// The end, before anything is read.
        case end

        /// An answer with a length.
        static func status(_ line: String, _ body: String, headers: [String] = []) -> Answer {
            let head = ["HTTP/1.1 \(line)", "Content-Length: \(body.utf8.count)"] + headers + ["", ""]
            return .bytes(Array((head.joined(separator: "\r\n") + body).utf8))
        }
    }

    private struct State {
        var answers: [Answer]
        var requests: [String] = []
    }

    private let state: Mutex<State>
    private let channel = Mutex<(any Channel)?>(nil)

    /// Begins to listen. When the answers are used up, the last one is given again.
    ///
    /// - Parameters:
    ///   - answers: What connections get.
    ///   - tls: What encrypts; nil for nothing.
    /// - Throws: When it cannot listen.
    init(_ answers: [Answer], tls: NIOSSLContext? = nil) async throws {
        state = Mutex(State(answers: answers))
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [weak self] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let self else { throw ChannelError.ioOnClosedChannel }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(Connection(self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = server }
    }

    deinit { channel.withLock { $0 }?.close(promise: nil) }

    /// Where it listens.
    var port: Int { channel.withLock { $0?.localAddress?.port } ?? 0 }

    /// What came so far.
    var requests: [String] { state.withLock { $0.requests } }

    fileprivate func nextAnswer() -> Answer {
        state.withLock { state in
            state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first ?? .end
        }
    }

    fileprivate func came(_ request: String) { state.withLock { $0.requests.append(request) } }

    /// One connection.
    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: ScriptedServer
        private let answer: Answer
        private var bytes: [UInt8] = []
        private var isAnswered = false

        init(_ server: ScriptedServer) {
            self.server = server
            answer = server.nextAnswer()
        }

        func channelActive(context: ChannelHandlerContext) {
            switch answer {
            case .end: context.close(promise: nil)
            case .greeting(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .bytes, .silence: break
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes += unwrapInboundIn(data).readableBytesView
            guard !isAnswered, let request = whole() else { return }
            isAnswered = true
            server.came(request)
            switch answer {
            case .bytes(let bytes): send(bytes, context)
            case .silence(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .greeting, .end: break
            }
        }

        private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in
                channel.close(promise: nil)
            }
        }

        /// The request, once its body is as long as it says.
        private func whole() -> String? {
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { return nil }
            let head = text[..<end.lowerBound].split(separator: "\r\n")
            let lengths = head.compactMap { line in
                line.lowercased().hasPrefix("content-length:") ? Int(line.dropFirst(15).filter { $0 != " " }) : nil
            }
            return text[end.upperBound...].utf8.count >= lengths.first ?? 0 ? text : nil
        }
    }
}

extension String {
    /// The first place of a text.
    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
