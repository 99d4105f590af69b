// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Flushes logs some time after something was written to them (`flush.ms`). A log to which nothing is written costs nothing.
final class LogFlusher {
    /// About 139 years: what is longer cannot be counted in nanoseconds.
    private static let longest: Int64 = 1 << 42

    /// Where time passes; nil before the cluster listens and after its end.
    var eventLoop: (any EventLoop)?
    private let report: (StorageError) -> Void

    /// - Parameter report: Gets what failed. It is tried again after the same time.
    init(report: @escaping (StorageError) -> Void) {
        self.report = report
    }

    /// Takes note that there is something to flush in a log.
    func written(_ log: PartitionLog) {
        guard let eventLoop else { return }
        log.waitsForFlush = true
        let time = TimeAmount.milliseconds(min(log.settings.flushMilliseconds, Self.longest))
        eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self, weak log] in
            guard let self, let log else { return }
            log.waitsForFlush = false
            guard self.eventLoop != nil else { return }
            do throws(StorageError) { try log.flush() } catch {
                report(error)
                written(log)
            }
        }
    }
}
