// SPDX-License-Identifier: Apache-2.0

/// Who leads a partition that has several replicas, which of them are in sync, and up to where all of those have the same.
///
/// It decides, and does nothing: who calls it says what the replicas have, who runs, and what time it is. Its rules are those of
/// Kafka's leaders and controller:
///
/// - The high watermark is the least end of the replicas in sync. It never goes back, unless a replica leads that was not in sync.
/// - A follower joins those in sync once it has all below the high watermark and all that was there when the leader began. It
///   drops out when it runs no more, or has not had all of the leader's log for `replica.lag.time.max.ms`. The last one stays.
/// - Only a replica in sync becomes the leader, the first one of the list that runs; another one only in an unclean election. Each
///   change of the leader begins an epoch.
struct ReplicationState: Equatable {
    /// What is known of a replica within the leader's epoch.
    private struct Progress: Equatable {
        /// Up to where it has what the leader has; -1 for unknown.
        var end: Int64
        /// When it had all of the leader's log, in milliseconds.
        var caughtUp: Int64
        /// When it fetched last, and where the leader's log ended then.
        var fetched: Int64 = 0
        var leaderEnd: Int64 = .max
    }

    /// Node ids of all replicas, the preferred leader first.
    let replicas: [Int32]
    /// Those that are in sync, in the same order; one at least.
    private(set) var inSync: [Int32]
    private(set) var leadership: Partition.Leadership
    /// Below this offset all replicas in sync have the same.
    private(set) var highWatermark: Int64
    /// Where the leader's log ended when it began to lead.
    private var epochStart: Int64
    private var progress: [Int32: Progress] = [:]

    /// - Parameters:
    ///   - replicas: Node ids, the preferred leader first; one at least.
    ///   - inSync: Which of them are in sync; those that are no replicas do not count.
    ///   - epoch: The epoch that begins.
    ///   - highWatermark: An offset below which those in sync have the same.
    init(replicas: [Int32], inSync: [Int32], epoch: Int32, highWatermark: Int64) {
        self.replicas = replicas
        let known = replicas.filter(inSync.contains)
        self.inSync = known.isEmpty ? Array(replicas.prefix(1)) : known
        leadership = Partition.Leadership(leader: Partition.noLeader, epoch: epoch)
        self.highWatermark = highWatermark
        epochStart = highWatermark
    }

    /// Node id of the leader, or `Partition.noLeader`.
    var leader: Int32 { leadership.leader }

    // MARK: What is written and copied

    /// Takes note that the leader's log ends there now.
    mutating func appended(end: Int64) {
        guard leader != Partition.noLeader else { return }
        progress[leader]?.end = end
        advance()
    }

    /// Takes note that a follower has the leader's log up to an offset: in this epoch, and nothing else behind it.
    mutating func fetched(by node: Int32, end: Int64, now: Int64) {
        guard node != leader, replicas.contains(node), let leaderEnd = progress[leader]?.end else { return }
        var own = progress[node] ?? Progress(end: -1, caughtUp: 0)
        own.end = end
        if end >= leaderEnd {
            own.caughtUp = now
        } else if end >= own.leaderEnd {
            own.caughtUp = max(own.caughtUp, own.fetched)
        }
        own.fetched = now
        own.leaderEnd = leaderEnd
        let joins = end >= highWatermark && end >= epochStart && !inSync.contains(node)
        // It has so long to catch up with what was appended meanwhile.
        if joins { own.caughtUp = now }
        progress[node] = own
        if joins {
            inSync = replicas.filter { $0 == node || inSync.contains($0) }
        }
        advance()
    }

    /// Whether a replica has, in this epoch, all that the leader has.
    func hasEverything(_ node: Int32) -> Bool {
        guard let end = progress[node]?.end, let leaderEnd = progress[leader]?.end else { return false }
        return end >= leaderEnd
    }

    /// Lets followers drop out that have not had all of the leader's log for too long.
    mutating func dropLaggards(now: Int64, maximumLag: Int64) {
        guard leader != Partition.noLeader else { return }
        inSync = inSync.filter { node in
            guard node != leader, !hasEverything(node), let own = progress[node] else { return true }
            return now - own.caughtUp <= maximumLag
        }
        advance()
    }

    private mutating func advance() {
        let ends = inSync.map { progress[$0]?.end ?? -1 }
        highWatermark = max(highWatermark, ends.min() ?? highWatermark)
    }

    // MARK: Who leads

    /// Takes note that a broker runs no more. It drops out unless it is the last one in sync.
    ///
    /// - Returns: Whether another leader must be found.
    mutating func left(_ node: Int32) -> Bool {
        if inSync.count > 1 { inSync.removeAll { $0 == node } }
        advance()
        return leader == node
    }

    /// Who should lead.
    ///
    /// - Parameters:
    ///   - mayBeUnclean: Whether one that is not in sync may lead if no other one runs.
    ///   - isActive: Whether a broker runs.
    /// - Returns: Its node id, or `Partition.noLeader`.
    func candidate(mayBeUnclean: Bool, _ isActive: (Int32) -> Bool) -> Int32 {
        let active = replicas.filter(isActive)
        if let clean = active.first(where: inSync.contains) { return clean }
        return mayBeUnclean ? active.first ?? Partition.noLeader : Partition.noLeader
    }

    /// Lets a replica lead, in the next epoch.
    ///
    /// - Parameters:
    ///   - node: Its node id, or `Partition.noLeader`. One that is not in sync is the only one in sync from then on.
    ///   - end: Where its log ends.
    ///   - now: The time in milliseconds.
    mutating func elect(_ node: Int32, end: Int64, now: Int64) {
        leadership = Partition.Leadership(leader: node, epoch: leadership.epoch + 1)
        progress = [:]
        guard node != Partition.noLeader else { return }
        if !inSync.contains(node) {
            inSync = [node]
            highWatermark = min(highWatermark, end)
        }
        // What a follower has beyond the high watermark may be something else than what this leader has.
        for follower in inSync { progress[follower] = Progress(end: highWatermark, caughtUp: now) }
        progress[node] = Progress(end: end, caughtUp: now)
        epochStart = end
        advance()
    }
}
