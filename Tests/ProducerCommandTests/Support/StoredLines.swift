// SPDX-License-Identifier: Apache-2.0

/// What a topic holds of the lines that were sent to it.
struct StoredLines: Sendable {
    private let lines: NumberedLines
    /// The number of the line at each place; nil for a record that is none of the lines.
    private let places: [(partition: Int32, offset: Int64, number: Int?)]

    /// - Parameters:
    ///   - records: What was read back, each partition in its order.
    ///   - lines: What was sent.
    init(_ records: [StoredRecord], of lines: NumberedLines) {
        self.lines = lines
        places = records.map { ($0.partition ?? -1, $0.offset ?? -1, lines.number(of: $0)) }
    }

    /// The lines that are there.
    var numbers: Set<Int> { Set(places.compactMap(\.number)) }

    /// How many records there are beyond the first of each line.
    var duplicates: Int { places.count - numbers.count }

    /// How many records are not bit for bit a line that was sent.
    var strangers: Int { places.count { $0.number == nil } }

    /// The lines that were acknowledged and are not there.
    func lost(_ account: RunAccount) -> [Int] { account.acked.subtracting(numbers).sorted() }

    /// A receipt that names a place where another record is, or none; nil when all are right.
    func wrongReceipt(_ account: RunAccount) -> Receipt? {
        var numbers: [Place: Int] = [:]
        for place in places { numbers[Place(partition: place.partition, offset: place.offset)] = place.number }
        return account.receipts.first { receipt in
            guard let offset = receipt.offset else { return false }
            return numbers[Place(partition: receipt.partition, offset: offset)] != receipt.line
        }
    }

    /// A line whose first place is behind that of a later line with the same key; nil when there is none. Only
    /// `considered` lines are looked at, or all.
    func disorder(among considered: Set<Int>? = nil) -> Int? {
        var seen: Set<Int> = []
        var last: [String: Int] = [:]
        for number in places.compactMap(\.number) where seen.insert(number).inserted {
            guard considered?.contains(number) ?? true else { continue }
            let key = lines.keys[number - 1]
            guard last[key, default: 0] < number else { return number }
            last[key] = number
        }
        return nil
    }

    private struct Place: Hashable {
        let partition: Int32
        let offset: Int64
    }
}
