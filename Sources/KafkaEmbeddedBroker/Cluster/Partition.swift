// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// A partition of a topic: its log, and the broker that leads it.
final class Partition {
    /// How many partitions a topic can have. A Kafka controller, too, makes at most 10,000 at once.
    static let counts = 1...10_000

    let index: Int32
    let log: PartitionLog
    /// Node id of the leader.
    var leader: Int32
    /// Rises whenever another broker becomes the leader.
    var leaderEpoch: Int32 = 0
    /// Node ids of all brokers that have a copy, as clients are told; there is one log only.
    var replicas: [Int32]
    /// Fetches that wait for more to read.
    private var waiters: [FetchWait] = []

    init(index: Int32, log: PartitionLog, replicas: [Int32]) {
        self.index = index
        self.log = log
        self.replicas = replicas
        leader = replicas[0]
    }

    /// Why a client may not read from this node with the leader epoch that it knows (-1 for none), or nil.
    func objection(toReadingFrom nodeID: Int32, leaderEpoch: Int32) -> ErrorCode? {
        if leaderEpoch != -1, leaderEpoch < self.leaderEpoch { return .fencedLeaderEpoch }
        if leaderEpoch != -1, leaderEpoch > self.leaderEpoch { return .unknownLeaderEpoch }
        return leader == nodeID ? nil : .notLeaderOrFollower
    }

    /// Lets a fetch know of every append from now on.
    func add(_ waiter: FetchWait) {
        waiters.append(waiter)
    }

    /// Forgets a fetch.
    func remove(_ waiter: FetchWait) {
        waiters.removeAll { $0 === waiter }
    }

    /// Tells those who wait that a batch was appended.
    func appended(bytes: Int) {
        guard !waiters.isEmpty else { return }
        for waiter in waiters { waiter.appended(bytes: bytes) }
    }
}
