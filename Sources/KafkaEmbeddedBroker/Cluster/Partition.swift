// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// A partition of a topic: its log, and the broker that leads it.
final class Partition {
    /// How many partitions a topic can have. A Kafka controller, too, makes at most 10,000 at once.
    static let counts = 1...10_000
    /// What stands for the node id of a leader when there is none.
    static let noLeader: Int32 = -1

    /// Who leads, and since which epoch.
    struct Leadership: Hashable {
        /// Node id of the leader, or `noLeader`.
        var leader: Int32
        /// Rises whenever another broker becomes the leader.
        var epoch: Int32
    }

    let index: Int32
    /// The log of its only replica, or of the one that leads; where none leads, of the one that led last.
    private(set) var log: PartitionLog
    private(set) var leadership: Leadership
    /// The replicas, when there are several; nil for one.
    let replicaSet: ReplicaSet?
    /// Who lets followers fetch.
    weak var replicator: Replicator?
    private var ownEpochs: LeaderEpochs
    /// Whether brokers that do not lead keep to themselves who does (KIP-951).
    private(set) var hidesLeader = false
    /// Node ids of all brokers that have a copy.
    private(set) var replicas: [Int32]
    /// What Metadata still says, and how often.
    private var stale: (leadership: Leadership, answers: Int)?
    /// Fetches that wait for more to read.
    private var waiters: [FetchWait] = []
    /// The last stable offset when a fetch began to wait, or was last woken.
    private var lastStableOffset: Int64 = 0

    /// - Parameters:
    ///   - index: Its number.
    ///   - log: Its records.
    ///   - replicas: Node ids of the brokers that have a copy.
    ///   - leader: Node id of the leader, or `noLeader`.
    ///   - epochs: The epochs that leaders had before, after which the leader begins another one; nil for none.
    init(index: Int32, log: PartitionLog, replicas: [Int32], leader: Int32, epochs: LeaderEpochs?) {
        self.index = index
        self.log = log
        self.replicas = replicas
        leadership = Leadership(leader: leader, epoch: epochs?.latest.map { $0 + 1 } ?? 0)
        replicaSet = nil
        ownEpochs = epochs ?? LeaderEpochs()
        ownEpochs.begin(leadership.epoch, at: epochs == nil ? log.logStartOffset : log.logEndOffset)
    }

    /// A partition with several replicas.
    init(_ replicas: ReplicaSet, first: Replica) {
        index = replicas.index
        replicaSet = replicas
        self.replicas = replicas.state.replicas
        log = (replicas.leading ?? first).log
        leadership = replicas.state.leadership
        ownEpochs = LeaderEpochs()
    }

    /// From which offset on each leader epoch holds in the leader's log.
    var epochs: LeaderEpochs { replicaSet?.leading?.epochs ?? ownEpochs }

    /// The logs of all replicas.
    var logs: [PartitionLog] { replicaSet?.replicas.map(\.log) ?? [log] }

    /// The log that a broker has; nil when it has none.
    func log(on node: Int32) -> PartitionLog? {
        guard let replicaSet else { return replicas.contains(node) ? log : nil }
        return replicaSet.replica(on: node)?.log
    }

    /// Node id of the leader, or `noLeader`.
    var leader: Int32 { leadership.leader }
    /// Rises whenever another broker becomes the leader.
    var leaderEpoch: Int32 { leadership.epoch }

    /// Lets another broker lead, in the next epoch. One that has no copy gets the former leader's.
    ///
    /// - Parameters:
    ///   - leader: Its node id, or `noLeader`.
    ///   - hints: Whether other brokers say who leads now.
    ///   - staleMetadata: How many Metadata answers still name the former leader.
    ///   - now: The time in milliseconds.
    func elect(_ leader: Int32, hints: Bool, staleMetadata: Int, now: Int64) {
        stale = staleMetadata > 0 ? (leadership, staleMetadata) : nil
        hidesLeader = !hints
        if let replicaSet {
            replicaSet.elect(leader, now: now)
            leadership = replicaSet.state.leadership
            if let leading = replicaSet.leading { log = leading.log }
            return
        }
        if leader != Self.noLeader, !replicas.contains(leader) {
            replicas = replicas.map { $0 == self.leader ? leader : $0 }
            if !replicas.contains(leader) { replicas[0] = leader }
        }
        leadership = Leadership(leader: leader, epoch: leaderEpoch + 1)
        ownEpochs.begin(leaderEpoch, at: log.logEndOffset)
    }

    /// Who leads, as the next Metadata answer has it.
    func leadershipForMetadata() -> Leadership {
        guard let (former, answers) = stale else { return leadership }
        stale = answers > 1 ? (former, answers - 1) : nil
        return former
    }

    /// Forgets all idempotent producers, and refuses or takes those that it does not know from now on.
    func forgetProducers(refusing: Bool) {
        for log in logs {
            log.hasChanged = true
            log.producers.forgetAll()
            log.producers.refusesUnknownProducers = refusing
        }
    }

    /// Why a client may not read from this node with the leader epoch that it knows (-1 for none), or nil.
    func objection(toReadingFrom nodeID: Int32, leaderEpoch: Int32) -> ErrorCode? {
        if leaderEpoch != -1, leaderEpoch < self.leaderEpoch { return .fencedLeaderEpoch }
        if leaderEpoch != -1, leaderEpoch > self.leaderEpoch { return .unknownLeaderEpoch }
        return leader == nodeID ? nil : .notLeaderOrFollower
    }

    /// Lets a fetch know of every append from now on.
    func add(_ waiter: FetchWait) {
        lastStableOffset = log.lastStableOffset
        waiters.append(waiter)
    }

    /// Forgets a fetch.
    func remove(_ waiter: FetchWait) {
        waiters.removeAll { $0 === waiter }
    }

    /// Takes note of a batch that was appended. Readers may have it at once, or when the replicas in sync have it.
    func appended(bytes: Int) {
        guard let replicaSet else { return confirmed(bytes: bytes) }
        replicaSet.appended(bytes: bytes)
        confirmed(bytes: replicaSet.settle())
        replicator?.needed(by: self)
    }

    /// Wakes the fetches that wait for more that they may have, or for records to be stable.
    func confirmed(bytes: Int) {
        guard !waiters.isEmpty else { return }
        let stableOffset = log.lastStableOffset
        let isStabler = stableOffset > lastStableOffset
        lastStableOffset = stableOffset
        for waiter in waiters where isStabler || !waiter.wantsCommitted { waiter.appended(bytes: bytes) }
    }
}
