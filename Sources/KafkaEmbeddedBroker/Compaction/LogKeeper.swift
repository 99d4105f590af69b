// SPDX-License-Identifier: Apache-2.0
import Logging
import NIOCore

/// Deletes and compacts what is old in the logs of a cluster, from time to time.
final class LogKeeper {
    private let cluster: Cluster
    private let eventLoop: any EventLoop
    private var checks: [Scheduled<Void>] = []
    private var isStopped = false

    init(cluster: Cluster, eventLoop: any EventLoop) {
        self.cluster = cluster
        self.eventLoop = eventLoop
    }

    private var configuration: EmbeddedBroker.Configuration { cluster.configuration }

    /// Looks at the logs from now on.
    func start() {
        let retention = configuration.retentionCheckInterval
        repeating(every: retention) { $0.deleteOldSegments() }
        let compaction = configuration.compactionInterval
        repeating(every: compaction) { $0.compact(isForced: false) {} }
    }

    /// Looks at them no more.
    func stop() {
        isStopped = true
        for check in checks { check.cancel() }
    }

    private func repeating(every interval: Duration, _ body: @escaping (LogKeeper) -> Void) {
        let task = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(interval)) { [weak self] in
            guard let self, !isStopped else { return }
            body(self)
            repeating(every: interval, body)
        }
        // Of each kind there is one at a time.
        checks.append(task)
        if checks.count > 2 { checks.removeFirst() }
    }

    /// Deletes what is too old, or too much, in all logs.
    func deleteOldSegments() {
        forEachLog { topic, partition, log in
            do throws(StorageError) {
                let count = try log.deleteOldSegments(now: cluster.coordination.now)
                guard count > 0 else { return }
                cluster.logger.info(
                    "segments deleted",
                    metadata: [
                        "partition": "\(topic.name)-\(partition.index)", "segments": "\(count)",
                        "start": "\(log.logStartOffset)",
                    ]
                )
            } catch {
                report(error, topic, partition)
            }
        }
    }

    /// Compacts the logs of topics that want it, one after the other, in steps between which clients are served.
    ///
    /// - Parameters:
    ///   - isForced: Whether it is done however little is new.
    ///   - done: Called when all are compacted.
    func compact(isForced: Bool, _ done: @escaping () -> Void) {
        var waiting: [(Topic, Partition, PartitionLog)] = []
        forEachLog { topic, partition, log in
            if topic.logSettings.compacts, !log.isBeingCompacted { waiting.append((topic, partition, log)) }
        }
        compact(waiting[...], isForced: isForced, done)
    }

    private func compact(
        _ waiting: ArraySlice<(Topic, Partition, PartitionLog)>,
        isForced: Bool,
        _ done: @escaping () -> Void
    ) {
        var waiting = waiting
        while let (topic, partition, log) = waiting.popFirst() {
            guard !isStopped else { break }
            let now = cluster.coordination.now
            guard let compaction = log.compaction(now: now, isForced: isForced) else { continue }
            log.isBeingCompacted = true
            return goOn(compaction, topic, partition) { [weak self] in
                log.isBeingCompacted = false
                guard let self else { return done() }
                compact(waiting, isForced: isForced, done)
            }
        }
        done()
    }

    private func goOn(
        _ compaction: Compaction,
        _ topic: Topic,
        _ partition: Partition,
        _ done: @escaping () -> Void
    ) {
        do throws(StorageError) {
            // A topic that was deleted meanwhile has no files any more.
            guard !isStopped, cluster.topics[topic.name] === topic else {
                compaction.cancel()
                return done()
            }
            guard try compaction.step() else {
                cluster.logger.debug(
                    "log compacted",
                    metadata: ["partition": "\(topic.name)-\(partition.index)", "bytes": "\(partition.log.size)"]
                )
                return done()
            }
        } catch {
            report(error, topic, partition)
            compaction.cancel()
            return done()
        }
        eventLoop.assumeIsolated().execute { self.goOn(compaction, topic, partition, done) }
    }

    private func report(_ error: StorageError, _ topic: Topic, _ partition: Partition) {
        cluster.logger.error(
            "a log was not cleaned up",
            metadata: ["partition": "\(topic.name)-\(partition.index)", "error": "\(error)"]
        )
    }

    private func forEachLog(_ body: (Topic, Partition, PartitionLog) -> Void) {
        for topic in cluster.topics.values {
            for partition in topic.partitions {
                for log in partition.logs { body(topic, partition, log) }
            }
        }
    }
}
