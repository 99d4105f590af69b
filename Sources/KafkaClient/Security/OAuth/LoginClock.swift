// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What time it is, and how to wait, for logins whose tokens are over at times of the calendar.
package struct LoginClock: Sendable {
    /// Milliseconds since 1970.
    package let now: @Sendable () -> Int64
    /// Waits so many milliseconds; throws when the task is cancelled.
    package let sleep: @Sendable (Int64) async throws -> Void

    /// Another clock, for tests.
    package init(now: @escaping @Sendable () -> Int64, sleep: @escaping @Sendable (Int64) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// The system's.
    package static let system = LoginClock(
        now: { Int64(Date().timeIntervalSince1970 * 1000) },
        sleep: { milliseconds in try await Task.sleep(for: .milliseconds(max(0, milliseconds))) }
    )
}
