// SPDX-License-Identifier: Apache-2.0
import Platform
import Synchronization

/// Ends a blocked read from another thread: a pipe that is polled beside the input and becomes readable once, for good.
final class WakeUp: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32
    /// What is woken with it.
    private let follower = Mutex<WakeUp?>(nil)

    /// Nil when the process has no descriptor left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        readEnd = ends[0]
        writeEnd = ends[1]
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// From now on `wait` returns `.woken`. May be called from any thread, any number of times.
    func wake() {
        var byte: UInt8 = 1
        _ = unsafe write(writeEnd, &byte, 1)
        follower.withLock { $0 }?.wake()
    }

    /// Wakes `other` too, now if that has been done already; in place of the one before.
    func wakes(_ other: WakeUp) {
        follower.withLock { $0 = other }
        if isWoken { other.wake() }
    }

    enum Outcome: Equatable {
        case readable
        case woken
        case timedOut
    }

    /// Waits until `descriptor` can be read without blocking, has ended or has failed, or until `wake()` is called.
    @available(*, noasync)
    func wait(for descriptor: Int32) -> Outcome {
        poll(descriptor, milliseconds: -1)
    }

    /// The same for so many milliseconds at most; -1 stands for no descriptor.
    @available(*, noasync)
    func wait(for descriptor: Int32, milliseconds: Int32) -> Outcome { poll(descriptor, milliseconds: milliseconds) }

    /// Waits for so many milliseconds at most; true when `wake()` has been called.
    @available(*, noasync)
    func wait(milliseconds: Int32) -> Bool { poll(-1, milliseconds: milliseconds) == .woken }

    /// Whether `wake()` has been called.
    var isWoken: Bool { poll(-1, milliseconds: 0) == .woken }

    /// Whether a pipe is empty and no process writes into it any more.
    func hasHungUp(_ descriptor: Int32) -> Bool {
        var descriptors = [
            pollfd(fd: -1, events: 0, revents: 0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard unsafe Self.call(&descriptors, 0) > 0 else { return false }
        let events = descriptors[1].revents
        return events & Int16(POLLIN) == 0 && events & Int16(POLLHUP) != 0
    }

    private func poll(_ descriptor: Int32, milliseconds: Int32) -> Outcome {
        var descriptors = [
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while unsafe Self.call(&descriptors, milliseconds) < 0, errno == EINTR {}
        if descriptors[0].revents != 0 { return .woken }
        return descriptors[1].revents != 0 ? .readable : .timedOut
    }

    private static func call(_ descriptors: UnsafeMutablePointer<pollfd>, _ milliseconds: Int32) -> Int32 {
        unsafe Platform.poll(descriptors, 2, milliseconds)
    }
}
