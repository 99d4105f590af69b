// SPDX-License-Identifier: Apache-2.0
import RandomNumbers

/// Decides which faults happen to which request: it counts, for each fault, the requests that fit, and throws the dice.
/// It does nothing itself.
struct FaultPlan: Sendable {
    private struct Entry: Sendable {
        let fault: Fault
        /// How many events fitted so far.
        var seen = 0
        /// How often it happened so far.
        var performed = 0
    }

    private var entries: [Entry] = []
    private var random: SplitMix64

    init(_ script: FaultScript = FaultScript()) {
        entries = script.faults.map { Entry(fault: $0) }
        random = SplitMix64(seed: script.seed)
    }

    /// Whether nothing will go wrong, so that no request need ask.
    var isEmpty: Bool { entries.isEmpty }

    /// How often each fault happened, in the order in which they were added.
    var performed: [(fault: Fault, count: Int)] { entries.map { ($0.fault, $0.performed) } }

    mutating func add(_ faults: [Fault]) {
        entries += faults.map { Entry(fault: $0) }
    }

    mutating func removeAll() {
        entries.removeAll()
    }

    /// What happens to a request; nil for nothing.
    mutating func decide(_ arrival: RequestArrival) -> FaultOrders? {
        var orders: FaultOrders?
        for index in entries.indices where Self.fits(entries[index].fault, arrival) {
            entries[index].seen += 1
            let entry = entries[index]
            guard
                entry.performed < entry.fault.limit ?? .max,
                entry.fault.occurrence.includes(entry.seen, using: &random)
            else { continue }
            entries[index].performed += 1
            orders = orders ?? FaultOrders()
            orders?.add(entry.fault)
        }
        return orders
    }

    private static func fits(_ fault: Fault, _ arrival: RequestArrival) -> Bool {
        switch (fault.event, arrival.event) {
        case (.connection, .connection), (.login, .login): break
        case (.anyRequest, .request): break
        case (.request(let wanted), .request(let api)) where wanted == api: break
        default: return false
        }
        if let node = fault.node, node != Int(arrival.node) { return false }
        let scope = FaultScope(fault)
        return scope.isEverything
            || arrival.places.contains { scope.covers(topic: $0.topic, partition: $0.partition) }
    }
}
