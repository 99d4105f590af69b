// SPDX-License-Identifier: Apache-2.0

/// Some of the places of a table, each once, in no order. Putting one in, taking it out and asking for it costs the same,
/// however many there are.
struct PlaceSet {
    private(set) var places: [Int] = []
    /// Where `places` has each place; -1 for one that is not there.
    private var positions: [Int32] = []

    var isEmpty: Bool { places.isEmpty }

    var count: Int { places.count }

    func contains(_ place: Int) -> Bool { place < positions.count && positions[place] >= 0 }

    /// - Returns: whether the place was not there.
    @discardableResult
    mutating func insert(_ place: Int) -> Bool {
        guard !contains(place) else { return false }
        while positions.count <= place { positions.append(-1) }
        positions[place] = Int32(places.count)
        places.append(place)
        return true
    }

    /// - Returns: whether the place was there.
    @discardableResult
    mutating func remove(_ place: Int) -> Bool {
        guard contains(place) else { return false }
        let last = places.removeLast()
        if last != place {
            places[Int(positions[place])] = last
            positions[last] = positions[place]
        }
        positions[place] = -1
        return true
    }

    /// Moves all places to a list.
    mutating func takeAll(into list: inout [Int]) {
        for place in places { positions[place] = -1 }
        list.append(contentsOf: places)
        places.removeAll(keepingCapacity: true)
    }
}
