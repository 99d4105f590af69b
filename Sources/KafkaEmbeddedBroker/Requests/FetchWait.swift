// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// A fetch that waits until there is enough to read in its partitions, or long enough has been waited. It never blocks
/// the event loop.
final class FetchWait {
    private let eventLoop: NIOIsolatedEventLoop
    private let partitions: [Partition]
    private var missingBytes: Int
    private var timeout: Scheduled<Void>?
    private var finish: (() -> Void)?
    /// Whether it waits for the records of transactions that are over.
    let wantsCommitted: Bool

    /// Begins to wait.
    ///
    /// - Parameters:
    ///   - missingBytes: How much must be appended until there is enough.
    ///   - partitions: Where.
    ///   - wantsCommitted: Whether it waits for records that readers of committed records may have.
    ///   - time: How long to wait at most.
    ///   - eventLoop: The loop that all this happens on.
    ///   - finish: Called once, unless the wait is cancelled.
    init(
        for missingBytes: Int,
        in partitions: [Partition],
        wantsCommitted: Bool,
        atMost time: TimeAmount,
        on eventLoop: any EventLoop,
        finish: @escaping () -> Void
    ) {
        self.missingBytes = missingBytes
        self.partitions = partitions
        self.wantsCommitted = wantsCommitted
        self.eventLoop = eventLoop.assumeIsolated()
        self.finish = finish
        for partition in partitions { partition.add(self) }
        timeout = self.eventLoop.scheduleTask(in: time) { self.end()?() }
    }

    /// Takes note of new records. What one request appends is waited for as a whole.
    func appended(bytes: Int) {
        guard missingBytes > 0 else { return }
        // The end of a transaction lets through what was counted before: whatever there is is read.
        missingBytes -= wantsCommitted ? missingBytes : bytes
        if missingBytes <= 0 { eventLoop.execute { self.end()?() } }
    }

    /// Ends the wait without finishing it.
    func cancel() {
        _ = end()
    }

    private func end() -> (() -> Void)? {
        timeout?.cancel()
        timeout = nil
        for partition in partitions { partition.remove(self) }
        defer { finish = nil }
        return finish
    }
}
