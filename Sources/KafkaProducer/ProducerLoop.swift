// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix

/// The event loop of a producer, and how it ends.
struct ProducerLoop: Sendable {
    let eventLoop: any EventLoop
    private let end: @Sendable (@escaping @Sendable () -> Void) -> Void

    /// A loop that the caller runs, and ends.
    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        end = { $0() }
    }

    private init(_ group: MultiThreadedEventLoopGroup) {
        eventLoop = group.next()
        end = { isDone in group.shutdownGracefully { _ in isDone() } }
    }

    /// A loop with a thread of its own.
    static func ownThread() -> ProducerLoop { ProducerLoop(MultiThreadedEventLoopGroup(numberOfThreads: 1)) }

    /// Ends it, if it is the producer's own.
    func shutDown(_ isDone: @escaping @Sendable () -> Void) { end(isDone) }
}
