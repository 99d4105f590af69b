// SPDX-License-Identifier: Apache-2.0
import Platform
import Synchronization

/// Passes the signals that ask for an end, and the one that asks how far it is, to closures, on a thread that may do
/// anything.
///
/// A signal handler may do next to nothing, so it writes the signal's number into a pipe that the thread reads. The
/// thread lives as long as the process.
enum SignalWatch {
    private static let pipeEnd = Atomic<Int32>(-1)
    /// Signals that ask for an end.
    private static let endings = [SIGINT, SIGTERM, SIGHUP, SIGXCPU]

    /// Watches from now on. Called once a process.
    ///
    /// - Parameters:
    ///   - onReport: Called for each SIGUSR1.
    ///   - onEnd: Called with the number of each SIGINT, SIGTERM, SIGHUP and SIGXCPU.
    static func start(onReport: @escaping @Sendable () -> Void, onEnd: @escaping @Sendable (Int32) -> Void) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return }
        let readEnd = ends[0]
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        for number in endings where !watch(number) {
            // A job that a shell or nohup has shielded from a signal stays shielded.
            _ = signal(number, SIG_IGN)
        }
        _ = watch(SIGUSR1)
        let isWatching = BlockingThread.start {
            var number: UInt8 = 0
            while true {
                let count = unsafe read(readEnd, &number, 1)
                if count == 1 { if Int32(number) == SIGUSR1 { onReport() } else { onEnd(Int32(number)) } }
                if count == 0 || (count < 0 && errno != EINTR) { return }
            }
        }
        // No thread would see a signal: let it end the process.
        if !isWatching { for number in endings { release(number) } }
    }

    private static func release(_ number: Int32) {
        let previous = signal(number, SIG_DFL)
        if isIgnore(previous) { _ = signal(number, SIG_IGN) }
    }

    /// Has a signal written into the pipe; returns whether it was not ignored before.
    private static func watch(_ number: Int32) -> Bool {
        let previous = signal(number) { number in
            let code = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = unsafe write(SignalWatch.pipeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
            errno = code
        }
        return !isIgnore(previous)
    }

    #if canImport(Darwin)
        private typealias Handler = (@convention(c) (Int32) -> Void)?
    #else
        private typealias Handler = __sighandler_t?
    #endif

    private static func isIgnore(_ handler: Handler) -> Bool {
        unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN as Handler, to: Int.self)
    }
}
