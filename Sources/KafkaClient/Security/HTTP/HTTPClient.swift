// SPDX-License-Identifier: Apache-2.0
package import NIOCore
import NIOPosix
import Synchronization

/// Asks by HTTP/1.1: one request on a connection of its own, for tokens and credentials.
///
/// Answers have a length or come in chunks, and are at most 1 MiB. Redirects are not followed: they are answers like
/// others, since credentials must not be sent to whom nobody named. Proxies are not supported.
package struct HTTPClient: Sendable {
    private let tls: TLSContext?
    private let timeouts: HTTPTimeouts
    private let group: any EventLoopGroup

    /// A client.
    ///
    /// - Parameters:
    ///   - tls: For `https`; without it such addresses are refused.
    ///   - timeouts: How long a request may take.
    ///   - group: Whose event loops do the work. The default is the process's own, whose threads begin with the first use.
    package init(
        tls: TLSContext?,
        timeouts: HTTPTimeouts = HTTPTimeouts(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.tls = tls
        self.timeouts = timeouts
        self.group = group
    }

    /// Asks. A task that is cancelled has its connection closed.
    ///
    /// - Returns: The answer, whatever its status.
    /// - Throws: When there is none.
    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
        if request.url.isSecure, tls == nil { throw HTTPFailure(.tls, "https cannot be asked without TLS") }
        let eventLoop = group.next()
        let promise = eventLoop.makePromise(of: HTTPAnswer.self)
        let attempt = Attempt(promise)
        open(request, on: eventLoop, for: attempt)
        do {
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                attempt.cancel()
            }
        } catch {
            throw (error as? HTTPFailure) ?? .closedEarly
        }
    }

    private func open(_ request: HTTPRequest, on eventLoop: any EventLoop, for attempt: Attempt) {
        let (tls, timeouts, url) = (request.url.isSecure ? tls : nil, timeouts, request.url)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(clamping: timeouts.connect))
            // A peer may speak first. Nothing is read before the handlers are there that are to see it.
            .channelOption(.autoRead, value: false)
            .connect(host: url.host, port: url.port)
            .whenComplete { result in
                let channel: any Channel
                do {
                    channel = try result.get()
                } catch {
                    return attempt.failed(HTTPFailure(connecting: error))
                }
                do {
                    guard attempt.opened(channel) else { return channel.close(promise: nil) }
                    let handshake = tls.map { TLSHandshake($0, host: url.host, through: LoopGate(channel.eventLoop)) }
                    try handshake?.addHandlers(to: channel)
                    try HTTPExchange(request, timeouts: timeouts, handshake: handshake, promise: attempt.promise)
                        .addHandlers(to: channel)
                    // Of one that is closed already the exchange knows.
                    try? channel.syncOptions?.setOption(.autoRead, value: true)
                } catch {
                    // Of a peer that closes at once the handlers are too late.
                    attempt.failed(channel.isActive ? HTTPFailure(connecting: error) : .closedEarly)
                }
            }
    }

    /// A request that can be given up at any time.
    private final class Attempt: Sendable {
        private struct State {
            var channel: (any Channel)?
            var isCancelled = false
        }

        let promise: EventLoopPromise<HTTPAnswer>
        private let state = Mutex(State())

        init(_ promise: EventLoopPromise<HTTPAnswer>) { self.promise = promise }

        /// There is a connection; false when nobody wants it any more.
        func opened(_ channel: any Channel) -> Bool {
            state.withLock { state in
                state.channel = channel
                return !state.isCancelled
            }
        }

        func failed(_ failure: HTTPFailure) {
            let channel = state.withLock { $0.channel.take() }
            promise.fail(failure)
            channel?.close(promise: nil)
        }

        func cancel() {
            let channel = state.withLock { state in
                state.isCancelled = true
                return state.channel.take()
            }
            promise.fail(HTTPFailure.cancelled)
            channel?.close(promise: nil)
        }
    }
}
