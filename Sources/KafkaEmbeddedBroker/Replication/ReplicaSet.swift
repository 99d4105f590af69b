// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// The replicas of a partition that has several: it does what `ReplicationState` decides. There is none for a partition with one.
final class ReplicaSet {
    /// A producer that waits until all replicas in sync have its batch.
    struct Waiting {
        /// The offset behind the batch.
        var end: Int64
        /// Says how it ended.
        var settle: (ErrorCode) -> Void
    }

    let topic: String
    let index: Int32
    let replicas: [Replica]
    private(set) var state: ReplicationState
    /// How many replicas must be in sync for `acks=all`.
    var minInSync = 1
    /// Whether a replica that is not in sync may lead when no other one runs.
    var mayBeUnclean = false
    private var waiting: [(id: Int, producer: Waiting)] = []
    private var lastID = 0
    /// What was appended beyond the high watermark: where each piece ends, and its bytes.
    private var unconfirmed: [(end: Int64, bytes: Int)] = []

    init(topic: String, index: Int32, replicas: [Replica], state: ReplicationState) {
        self.topic = topic
        self.index = index
        self.replicas = replicas
        self.state = state
        confirm()
    }

    func replica(on node: Int32) -> Replica? { replicas.first { $0.nodeID == node } }

    /// The replica that leads; nil for none.
    var leading: Replica? { replica(on: state.leader) }

    /// What there was before something was done, to see what changed.
    struct Mark: Equatable {
        fileprivate var inSync: [Int32]
        fileprivate var leadership: Partition.Leadership
        fileprivate var epochs: [LeaderEpochs]
    }

    /// Whether another one leads, or others are in sync, than at the time of a mark.
    func hasOtherState(than mark: Mark) -> Bool {
        mark.inSync != state.inSync || mark.leadership != state.leadership
    }

    var mark: Mark { Mark(inSync: state.inSync, leadership: state.leadership, epochs: replicas.map(\.epochs)) }

    /// Which replicas have other epochs than at the time of a mark.
    func changedEpochs(since mark: Mark) -> [Replica] {
        zip(replicas, mark.epochs).filter { $0.epochs != $1 }.map(\.0)
    }

    // MARK: What is written and copied

    /// Takes note of what the leader has appended.
    func appended(bytes: Int) {
        guard let leading else { return }
        let end = leading.log.logEndOffset
        if unconfirmed.count == Self.mostPieces, let last = unconfirmed.popLast() {
            unconfirmed.append((end, last.bytes + bytes))
        } else {
            unconfirmed.append((end, bytes))
        }
        state.appended(end: end)
    }

    private static let mostPieces = 1024

    /// Lets followers that can reach the leader fetch once.
    ///
    /// - Parameters:
    ///   - now: The time in milliseconds.
    ///   - canFetch: Whether a broker can fetch from another one.
    ///   - report: Gets what could not be copied.
    /// - Returns: Whether there is more to fetch at once.
    func fetch(now: Int64, canFetch: (Int32, Int32) -> Bool, report: (Replica, StorageError) -> Void) -> Bool {
        guard let leading else { return false }
        var hasMore = false
        for follower in replicas where follower !== leading && canFetch(follower.nodeID, leading.nodeID) {
            do throws(StorageError) {
                let former = follower.log.logEndOffset
                try follower.fetch(from: leading, epoch: state.leadership.epoch)
                state.fetched(by: follower.nodeID, end: follower.log.logEndOffset, now: now)
                if follower.log.logEndOffset != former, !state.hasEverything(follower.nodeID) { hasMore = true }
            } catch {
                report(follower, error)
            }
        }
        return hasMore
    }

    /// Changes who is in sync or leads.
    func change(_ body: (inout ReplicationState) -> Void) {
        let former = state.leadership
        body(&state)
        guard state.leadership != former else { return }
        unconfirmed.removeAll()
        leading?.lead(in: state.leadership.epoch)
        let lost = waiting
        waiting.removeAll()
        for each in lost { each.producer.settle(.notLeaderOrFollower) }
    }

    /// Lets a replica lead, in the next epoch.
    func elect(_ node: Int32, now: Int64) {
        let end = replica(on: node)?.log.logEndOffset ?? 0
        change { $0.elect(node, end: end, now: now) }
    }

    // MARK: What is confirmed

    /// Tells the logs the high watermark, and producers whose batches it has passed.
    ///
    /// - Returns: How many bytes readers may have now that they could not have before.
    func settle() -> Int {
        confirm()
        var bytes = 0
        let passed = unconfirmed.prefix { $0.end <= state.highWatermark }
        for piece in passed { bytes += piece.bytes }
        unconfirmed.removeFirst(passed.count)
        if waiting.contains(where: { $0.producer.end <= state.highWatermark }) {
            let done = waiting.filter { $0.producer.end <= state.highWatermark }
            waiting.removeAll { $0.producer.end <= state.highWatermark }
            let code: ErrorCode = state.inSync.count < minInSync ? .notEnoughReplicasAfterAppend : .none
            for each in done { each.producer.settle(code) }
        }
        return bytes
    }

    private func confirm() {
        for replica in replicas { replica.log.confirmedEnd = state.highWatermark }
    }

    /// Lets a producer wait.
    ///
    /// - Returns: By what it is forgotten.
    func add(_ producer: Waiting) -> Int {
        lastID += 1
        waiting.append((lastID, producer))
        return lastID
    }

    /// Forgets a producer.
    func forget(_ id: Int) {
        waiting.removeAll { $0.id == id }
    }
}
