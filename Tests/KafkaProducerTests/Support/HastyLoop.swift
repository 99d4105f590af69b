// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore
import NIOEmbedded

/// An event loop on which nobody waits for time: whenever something is scheduled for a time that is near, time jumps there.
///
/// What is far away stands for what must not happen in a test, such as a timeout of an hour, and is left alone.
final class HastyLoop: EventLoop {
    /// So far ahead time jumps at most.
    static let horizon = TimeAmount.seconds(10)

    private let loop: NIOAsyncTestingEventLoop

    init(_ loop: NIOAsyncTestingEventLoop) { self.loop = loop }

    var inEventLoop: Bool { loop.inEventLoop }

    var now: NIODeadline { loop.now }

    var executor: any SerialExecutor { loop.executor }

    func execute(_ task: @escaping @Sendable () -> Void) { loop.execute(task) }

    func scheduleTask<T>(
        deadline: NIODeadline,
        _ task: @escaping @Sendable () throws -> T
    ) -> Scheduled<T> {
        let scheduled = loop.scheduleTask(deadline: deadline, task)
        if deadline - loop.now <= Self.horizon {
            // Not within the task that is running: it must come to its end at the time at which it began.
            Task { [loop] in await loop.advanceTime(to: deadline) }
        }
        return scheduled
    }

    func scheduleTask<T>(in time: TimeAmount, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        scheduleTask(deadline: loop.now + time, task)
    }

    func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        loop.shutdownGracefully(queue: queue, callback)
    }
}
