// SPDX-License-Identifier: Apache-2.0

/// Which brokers cannot reach each other. Clients, and who decides on leaders, reach them all.
struct NodeLinks: Equatable {
    private struct Pair: Hashable {
        var low: Int32
        var high: Int32

        init(_ first: Int32, _ second: Int32) {
            (low, high) = (min(first, second), max(first, second))
        }
    }

    private var cut: Set<Pair> = []

    /// Whether two brokers can reach each other.
    func connect(_ first: Int32, _ second: Int32) -> Bool {
        cut.isEmpty || !cut.contains(Pair(first, second))
    }

    /// Parts two brokers.
    mutating func part(_ first: Int32, _ second: Int32) {
        if first != second { cut.insert(Pair(first, second)) }
    }

    /// Lets two brokers reach each other again.
    mutating func heal(_ first: Int32, _ second: Int32) {
        cut.remove(Pair(first, second))
    }

    /// Lets all reach each other again.
    mutating func healAll() {
        cut.removeAll()
    }

    /// The pairs that cannot reach each other, for people.
    var parted: [String] {
        cut.sorted { ($0.low, $0.high) < ($1.low, $1.high) }.map { "\($0.low)-\($0.high)" }
    }
}
