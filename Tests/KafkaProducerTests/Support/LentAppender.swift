// SPDX-License-Identifier: Apache-2.0
import Dispatch

@testable import KafkaProducer

/// An appender that a test lends to another thread, and does not touch until that gives it back.
///
/// `@unchecked Sendable` for that reason: the compiler knows only of appenders that are sent on for good.
struct LentAppender: @unchecked Sendable {
    let appender: RecordAppender

    init(_ appender: RecordAppender) { self.appender = appender }

    /// What `body` gives on a thread that may block.
    func onThread<Value: Sendable>(_ body: @escaping @Sendable (RecordAppender) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body(appender)) }
        }
    }

    func waitForRoom() async -> RecordAppender.WaitOutcome { await onThread { $0.waitForRoom() } }
}
