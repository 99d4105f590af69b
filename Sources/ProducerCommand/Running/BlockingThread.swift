// SPDX-License-Identifier: Apache-2.0
import Platform

/// Runs what blocks on a thread of its own, away from the few threads that all tasks share.
enum BlockingThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// The result of `body`, which runs on a new thread, or here when the system has no more threads.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            if !start({ continuation.resume(returning: body()) }) { continuation.resume(returning: body()) }
        }
    }

    /// Starts `body` on a new thread.
    ///
    /// - Returns: false when the system has no more threads; then nothing runs. What never ends must not run here.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        guard let thread = create(body) else { return false }
        pthread_detach(thread)
        return true
    }

    /// Starts `body` on a new thread, which the caller detaches.
    ///
    /// - Returns: `nil` when the system has no more threads; then nothing runs.
    private static func create(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        let work = unsafe Unmanaged.passRetained(Work(body))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let code = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                #if canImport(Darwin)
                    unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                #else
                    if let argument = unsafe argument {
                        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                    }
                #endif
                return nil
            },
            work.toOpaque()
        )
        guard code == 0 else {
            unsafe work.release()
            return nil
        }
        return thread
    }
}
