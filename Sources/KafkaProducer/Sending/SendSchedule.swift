// SPDX-License-Identifier: Apache-2.0
import DequeModule
import HeapModule
import NIOCore

/// Which partitions have something to send, for each broker, and when the others will have: a value, which a change of one
/// partition changes in one place, however many partitions there are.
///
/// A list may still have a partition that stands elsewhere by now. Each change of a partition's standing gives it another
/// stamp, by which such an entry is known and passed over.
struct SendSchedule {
    /// How a partition stands.
    enum Standing: Equatable {
        /// Nothing waits there, or somebody else has it in hand and will say so.
        case idle
        /// Its open batch takes more records until this time.
        case lingers(node: Int32, until: NIODeadline)
        /// About so many bytes may be sent, from a batch that is closed or from one that would be closed for that.
        case ready(node: Int32, bytes: Int, isClosed: Bool)
        /// The batch at its front is not to be sent again before this time.
        case backsOff(until: NIODeadline)
        /// What waits there may not be sent before an answer comes.
        case awaitsAnswer
        /// It has no leader.
        case hasNoLeader
    }

    private struct Slot {
        var standing = Standing.idle
        var stamp: UInt32 = 0
    }

    private struct Entry: Comparable {
        let place: Int
        let stamp: UInt32
        let time: NIODeadline

        static func < (one: Entry, other: Entry) -> Bool { one.time < other.time }

        static func == (one: Entry, other: Entry) -> Bool { one.time == other.time }
    }

    /// What is to be sent to one broker.
    private struct Node {
        let number: Int32
        /// Those with closed batches, in the order of becoming ready: they go first, since they are older.
        var closed: Deque<Entry> = []
        /// The others, in the order of becoming ready.
        var open: Deque<Entry> = []
        var readyCount = 0
        var readyBytes = 0
        /// In the order of opening, which is about that of the times.
        var lingering: Deque<Entry> = []
        var lingeringCount = 0
    }

    private var slots: [Slot] = []
    private var nodes: [Node] = []
    private var nodePlaces: [Int32: Int] = [:]
    private var backoffs = Heap<Entry>()
    /// How many partitions wait for an answer before they may send more.
    private(set) var awaitingAnswers = 0
    /// How many partitions have something to send, and no leader.
    private(set) var leaderless = 0

    /// How many entries the lists have, those that are passed over too.
    var entryCount: Int { nodes.reduce(backoffs.count) { $0 + $1.closed.count + $1.open.count + $1.lingering.count } }

    // MARK: one partition

    /// How the partition at `place` stands.
    func standing(of place: Int) -> Standing { place < slots.count ? slots[place].standing : .idle }

    /// The partition at `place` stands so from now on.
    mutating func set(_ standing: Standing, of place: Int) {
        while slots.count <= place { slots.append(Slot()) }
        let former = slots[place].standing
        guard former != standing else { return }
        leave(former)
        slots[place].standing = standing
        if case .ready(let node, let bytes, let isClosed) = standing {
            let index = index(ofNode: node)
            nodes[index].readyBytes += bytes
            nodes[index].readyCount += 1
            // It keeps its place in the line.
            if case .ready(node, _, isClosed) = former { return }
        }
        slots[place].stamp &+= 1
        enter(standing, place: place, stamp: slots[place].stamp)
    }

    private mutating func leave(_ standing: Standing) {
        switch standing {
        case .idle, .backsOff: break
        case .lingers(let node, _): nodes[index(ofNode: node)].lingeringCount -= 1
        case .ready(let node, let bytes, _):
            let index = index(ofNode: node)
            nodes[index].readyBytes -= bytes
            nodes[index].readyCount -= 1
        case .awaitsAnswer: awaitingAnswers -= 1
        case .hasNoLeader: leaderless -= 1
        }
    }

    private mutating func enter(_ standing: Standing, place: Int, stamp: UInt32) {
        switch standing {
        case .idle: break
        case .lingers(let node, let until):
            let index = index(ofNode: node)
            nodes[index].lingeringCount += 1
            nodes[index].lingering.append(Entry(place: place, stamp: stamp, time: until))
            forgetPassed(node: index)
        case .ready(let node, _, let isClosed):
            let index = index(ofNode: node)
            let entry = Entry(place: place, stamp: stamp, time: .uptimeNanoseconds(0))
            if isClosed { nodes[index].closed.append(entry) } else { nodes[index].open.append(entry) }
        case .backsOff(let until): backoffs.insert(Entry(place: place, stamp: stamp, time: until))
        case .awaitsAnswer: awaitingAnswers += 1
        case .hasNoLeader: leaderless += 1
        }
    }

    private func isCurrent(_ entry: Entry) -> Bool { slots[entry.place].stamp == entry.stamp }

    private mutating func index(ofNode node: Int32) -> Int {
        if let index = knownIndex(ofNode: node) { return index }
        nodePlaces[node] = nodes.count
        nodes.append(Node(number: node))
        return nodes.count - 1
    }

    /// Where a node is that was heard of. The first ones are looked at, which costs less than to hash.
    private func knownIndex(ofNode node: Int32) -> Int? {
        for index in 0..<min(4, nodes.count) where nodes[index].number == node { return index }
        return nodes.count > 4 ? nodePlaces[node] : nil
    }

    /// With a long `linger.ms` batches are full long before their time: entries of those that were sent are let go of once
    /// they are most of the list.
    private mutating func forgetPassed(node index: Int) {
        guard nodes[index].lingering.count > 2 * nodes[index].lingeringCount + 64 else { return }
        var lingering = Deque<Entry>()
        swap(&lingering, &nodes[index].lingering)
        lingering.removeAll { !isCurrent($0) }
        swap(&lingering, &nodes[index].lingering)
    }

    // MARK: time

    /// What has lingered for its time is ready; partitions that have backed off for theirs are taken out, to be looked at.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - isUrgent: Whether nothing lingers: then the time of all that linger has come.
    ///   - due: Gets the places of those that are to be looked at.
    mutating func takeDue(now: NIODeadline, isUrgent: Bool, into due: inout [Int]) {
        for index in nodes.indices where nodes[index].lingeringCount > 0 {
            while let entry = nodes[index].lingering.first, isUrgent || entry.time <= now || !isCurrent(entry) {
                nodes[index].lingering.removeFirst()
                // How much there is shows when it is taken.
                guard isCurrent(entry) else { continue }
                set(.ready(node: nodes[index].number, bytes: 0, isClosed: false), of: entry.place)
            }
        }
        while let entry = backoffs.min, entry.time <= now || !isCurrent(entry) {
            backoffs.removeMin()
            guard isCurrent(entry) else { continue }
            set(.idle, of: entry.place)
            due.append(entry.place)
        }
    }

    /// When the next partition's time comes.
    var nextTime: NIODeadline? {
        var next = backoffs.min?.time
        for node in nodes where node.lingeringCount > 0 {
            guard let time = node.lingering.first?.time else { continue }
            next = next.map { min($0, time) } ?? time
        }
        return next
    }

    // MARK: one broker

    /// The next broker for which something is ready.
    ///
    /// - Parameter index: Where to go on; 0 to begin.
    /// - Returns: The broker, or nil when there is none left.
    func nextReadyNode(_ index: inout Int) -> Int32? {
        while index < nodes.count {
            defer { index += 1 }
            if nodes[index].readyCount > 0 { return nodes[index].number }
        }
        return nil
    }

    /// Whether anything is ready for a broker.
    func isReady(node: Int32) -> Bool { knownIndex(ofNode: node).map { nodes[$0].readyCount > 0 } ?? false }

    /// Whether anything is ready for any broker.
    var isAnyReady: Bool { nodes.contains { $0.readyCount > 0 } }

    /// About how many bytes are ready for a broker, and in how many batches.
    func ready(node: Int32) -> (bytes: Int, batches: Int) {
        knownIndex(ofNode: node).map { (nodes[$0].readyBytes, nodes[$0].readyCount) } ?? (0, 0)
    }

    /// Takes the partition out that has been ready for a broker for longest.
    mutating func takeReady(node: Int32) -> Int? {
        guard let index = knownIndex(ofNode: node) else { return nil }
        while let entry = nodes[index].closed.popFirst() ?? nodes[index].open.popFirst() {
            guard isCurrent(entry) else { continue }
            set(.idle, of: entry.place)
            return entry.place
        }
        return nil
    }

    /// Takes the partition out that has lingered for longest: it rides along in a request that has room.
    mutating func takeLingering(node: Int32) -> Int? {
        guard let index = knownIndex(ofNode: node) else { return nil }
        while let entry = nodes[index].lingering.popFirst() {
            guard isCurrent(entry) else { continue }
            set(.idle, of: entry.place)
            return entry.place
        }
        return nil
    }
}
