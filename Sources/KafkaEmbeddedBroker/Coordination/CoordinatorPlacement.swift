// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Which broker coordinates what: by the hash of its name, until a fault or a broker that goes down moves it.
struct CoordinatorPlacement {
    /// What was moved, and to which node id.
    private var moved: [CoordinatorKey.Slot: Int32] = [:]
    /// Until when a coordinator reads its state, in milliseconds since 1970.
    private var loading: [CoordinatorKey.Slot: Int64] = [:]

    /// The node id of the coordinator: the one that the hash names, or the next one that runs. nil when none runs.
    func node(of key: CoordinatorKey, among nodes: [Node]) -> Int32? {
        let slot = key.slot
        if let node = moved[slot], nodes.contains(where: { $0.id == node && $0.isActive }) { return node }
        guard !nodes.isEmpty else { return nil }
        let first = Int(slot.partition) % nodes.count
        return (nodes[first...] + nodes[..<first]).first { $0.isActive }?.id
    }

    /// Why a broker does not answer for a group or transactional id, or nil when it does.
    func objection(to nodeID: Int32, for key: CoordinatorKey, among nodes: [Node], now: Int64) -> ErrorCode? {
        guard node(of: key, among: nodes) == nodeID else { return .notCoordinator }
        return loading[key.slot].map { $0 > now } == true ? .coordinatorLoadInProgress : nil
    }

    /// Lets another broker coordinate.
    ///
    /// - Parameters:
    ///   - key: What.
    ///   - node: The new coordinator; nil for the next broker that runs.
    ///   - nodes: The brokers.
    ///   - loaded: When the new coordinator has read its state, in milliseconds since 1970.
    mutating func move(_ key: CoordinatorKey, to node: Int32?, among nodes: [Node], loaded: Int64) {
        let running = nodes.filter(\.isActive).map(\.id)
        let former = self.node(of: key, among: nodes) ?? 0
        if let next = node ?? running.first(where: { $0 > former }) ?? running.first { moved[key.slot] = next }
        loading[key.slot] = loaded
    }
}
