// SPDX-License-Identifier: Apache-2.0

/// The brokers of a cluster, by rising id from 1 on: which of them run, which are taken for dead, and which cannot reach each
/// other. Empty until they listen. A value: time comes as an argument.
struct NodeTable {
    private(set) var all: [Node]
    /// Which brokers cannot reach each other.
    var links = NodeLinks()

    init(_ nodes: [Node] = []) { all = nodes }

    // MARK: looking

    /// What is known of a broker; nil when there is none of this id.
    subscript(id nodeID: Int32) -> Node? { index(of: nodeID).map { all[$0] } }

    /// Node id of the controller: the first broker that runs.
    var controllerID: Int32 { all.first { $0.isActive }?.id ?? 1 }

    /// Whether a broker runs. All do before they listen.
    func isUp(_ nodeID: Int32) -> Bool { self[id: nodeID]?.isUp ?? true }

    /// Whether a broker runs and is not taken for dead.
    func isActive(_ nodeID: Int32) -> Bool { self[id: nodeID]?.isActive ?? true }

    /// Whether a broker does anything: it runs and is not frozen.
    func canAct(_ nodeID: Int32) -> Bool {
        guard nodeID != Partition.noLeader else { return false }
        return self[id: nodeID].map { $0.isUp && !$0.isFrozen } ?? true
    }

    /// Whether a broker can fetch from another one.
    func canReach(_ first: Int32, _ second: Int32) -> Bool {
        canAct(first) && canAct(second) && links.connect(first, second)
    }

    // MARK: listening

    /// Another broker listens.
    mutating func append(_ node: Node) { all.append(node) }

    /// A broker has a plaintext listener at this port.
    mutating func setPlaintextPort(_ port: Int, of nodeID: Int32) { change(nodeID) { $0.plaintextPort = port } }

    // MARK: ups and downs

    /// A broker went down.
    mutating func wentDown(_ nodeID: Int32, _ ending: NodeEnding) {
        change(nodeID) { node in
            node.isUp = false
            node.isAnnounced = ending == .unnoticed
            node.incarnation += 1
            node.frozenSince = nil
            node.isFenced = false
        }
    }

    /// A broker runs again; it ``cameBack(_:)`` next.
    mutating func cameUp(_ nodeID: Int32) { change(nodeID) { $0.isUp = true } }

    /// A broker answers nothing from now on, though it runs.
    mutating func froze(_ nodeID: Int32, now: Int64) {
        change(nodeID) { node in
            if node.isUp, node.frozenSince == nil { node.frozenSince = now }
        }
    }

    /// A broker that was frozen answers again; it ``cameBack(_:)`` next.
    ///
    /// - Returns: whether it was frozen.
    mutating func thawed(_ nodeID: Int32) -> Bool {
        guard self[id: nodeID]?.isFrozen == true else { return false }
        change(nodeID) { $0.frozenSince = nil }
        return true
    }

    /// Clients are told of a broker again.
    mutating func cameBack(_ nodeID: Int32) {
        change(nodeID) { node in
            node.isAnnounced = true
            node.isFenced = false
        }
    }

    /// The brokers that have been frozen for `timeout` milliseconds and were not taken for dead.
    func silent(now: Int64, timeout: Int64) -> [Int32] {
        all.filter { node in !node.isFenced && node.frozenSince.map { now - $0 >= timeout } == true }.map(\.id)
    }

    /// A broker is taken for dead.
    mutating func fenced(_ nodeID: Int32) {
        change(nodeID) { node in
            node.isFenced = true
            node.isAnnounced = false
        }
    }

    /// No broker serves what it still has in hand.
    mutating func loseWhatIsInHand() {
        for index in all.indices { all[index].incarnation += 1 }
    }

    private func index(of nodeID: Int32) -> Int? {
        let index = Int(nodeID) - 1
        return all.indices.contains(index) ? index : nil
    }

    private mutating func change(_ nodeID: Int32, _ body: (inout Node) -> Void) {
        if let index = index(of: nodeID) { body(&all[index]) }
    }
}

extension NodeTable: RandomAccessCollection {
    var startIndex: Int { all.startIndex }
    var endIndex: Int { all.endIndex }
    subscript(position: Int) -> Node { all[position] }
}
