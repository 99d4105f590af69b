// SPDX-License-Identifier: Apache-2.0
import Logging
import NIOCore

/// Lets the followers of a cluster fetch, and does what follows: it is behind each append, and looks at the clock from time to
/// time. It lives on the cluster's event loop. A cluster whose topics have one replica each has nothing for it to do.
final class Replicator {
    private unowned let cluster: Cluster
    /// Where passes are made that follow an append; nil before the cluster listens.
    var eventLoop: (any EventLoop)?
    /// Whether followers fetch only when they are told to, by `replicate()`.
    var isHeld = false
    private var due: [ObjectIdentifier: Partition] = [:]
    private var isScheduled = false
    private var check: Scheduled<Void>?
    private var nextRebalance: Int64?

    init(cluster: Cluster) {
        self.cluster = cluster
    }

    /// Takes note that there is something to fetch.
    func needed(by partition: Partition) {
        due[ObjectIdentifier(partition)] = partition
        guard !isHeld, !isScheduled, let eventLoop else { return }
        isScheduled = true
        eventLoop.assumeIsolated().execute { [weak self] in
            guard let self else { return }
            isScheduled = false
            pass()
        }
    }

    /// Lets all followers fetch that are not told to wait.
    func pass() {
        guard !isHeld, !cluster.isClosed else { return }
        let partitions = due.values
        due.removeAll(keepingCapacity: true)
        for partition in partitions { replicate(partition) }
    }

    /// Lets the followers of one partition fetch once.
    func replicate(_ partition: Partition) {
        guard let set = partition.replicaSet else { return }
        var hasMore = false
        update(partition) {
            hasMore = set.fetch(now: cluster.coordination.now, canFetch: cluster.nodes.canReach) { replica, error in
                cluster.logger.error(
                    "a follower could not fetch",
                    metadata: [
                        "partition": "\(set.topic)-\(set.index)", "node": "\(replica.nodeID)", "error": "\(error)",
                    ]
                )
                cluster.storageFailed(error)
            }
        }
        if hasMore { needed(by: partition) }
    }

    /// Does something with a partition, writes down what it changed, and lets those know who wait for it.
    func update(_ partition: Partition, _ body: () -> Void) {
        guard let set = partition.replicaSet else { return body() }
        let mark = set.mark
        body()
        for replica in set.changedEpochs(since: mark) { cluster.keepEpochs(of: replica, in: set) }
        if set.hasOtherState(than: mark) { cluster.replicasChanged(of: [partition]) }
        partition.confirmed(bytes: set.settle())
    }

    // MARK: Time

    /// Looks at the clock from now on.
    func start() {
        guard cluster.configuration.brokers > 1 else { return }
        // Who was out of sync before a restart may have all it needs.
        cluster.forEachReplicated { partition, _ in replicate(partition) }
        schedule()
    }

    /// Looks at it no more.
    func stop() {
        check?.cancel()
        check = nil
        eventLoop = nil
    }

    private func schedule() {
        guard let eventLoop else { return }
        let configuration = cluster.configuration
        let interval = min(configuration.replicaLagTimeMax, configuration.brokerSessionTimeout) / 2
        let time = TimeAmount(max(interval, .milliseconds(1)))
        check = eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            guard let self, !cluster.isClosed else { return }
            doWhatIsDue()
            schedule()
        }
    }

    /// Lets followers drop out that lag, takes brokers for dead that have answered nothing for too long, and lets the preferred
    /// leaders lead.
    func doWhatIsDue() {
        let now = cluster.coordination.now
        cluster.fenceFrozenNodes(now: now)
        let lag = cluster.configuration.replicaLagTimeMax.milliseconds
        cluster.forEachReplicated { partition, set in
            if !isHeld { replicate(partition) }
            guard cluster.nodes.canAct(set.state.leader) else {
                if set.state.leader == Partition.noLeader { cluster.findLeader(of: partition) }
                return
            }
            update(partition) { set.change { $0.dropLaggards(now: now, maximumLag: lag) } }
        }
        rebalance(now)
    }

    private func rebalance(_ now: Int64) {
        let interval = cluster.configuration.leaderRebalanceInterval.milliseconds
        guard let next = nextRebalance else { return nextRebalance = now + interval }
        guard now >= next else { return }
        nextRebalance = now + interval
        cluster.rebalanceLeaders()
    }
}
