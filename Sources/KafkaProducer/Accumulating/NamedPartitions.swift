// SPDX-License-Identifier: Apache-2.0

/// Which records of a batch were sent to a partition by its number, and not by a partitioner's choice.
///
/// Most batches have records of one kind, for which nothing is allocated: only places where the kind changes are kept.
struct NamedPartitions: Sendable {
    private(set) var count = 0
    private var beginsNamed = false
    /// The indices of records that are of another kind than the one before.
    private var changes: [Int] = []

    /// Whether all records are of one kind.
    var areAlike: Bool { changes.isEmpty }

    /// Notes the next records.
    mutating func append(_ records: Int, isNamed: Bool) {
        guard records > 0 else { return }
        if count == 0 {
            beginsNamed = isNamed
        } else if isNamed != (beginsNamed != (changes.count % 2 == 1)) {
            changes.append(count)
        }
        count += records
    }

    /// Whether the record at `index` names its partition.
    func contains(_ index: Int) -> Bool {
        guard count > 0, !changes.isEmpty else { return beginsNamed }
        // Places up to and with `index`, found by halving.
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= index { low = middle + 1 } else { high = middle }
        }
        return beginsNamed != (low % 2 == 1)
    }
}
