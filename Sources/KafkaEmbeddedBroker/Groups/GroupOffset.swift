// SPDX-License-Identifier: Apache-2.0

/// An offset that a group has committed for a partition, or will have when a transaction is committed.
struct GroupOffset: Hashable {
    /// For which group and partition.
    struct Place: Hashable {
        var group: String
        var partition: TransactionPartition
    }

    var offset: Int64
    var leaderEpoch: Int32
    /// What the client wants to be kept with it.
    var metadata: String
    /// Milliseconds since 1970.
    var time: Int64
    /// Rises with each offset that is taken: of two the later one holds.
    var order: Int64

    /// All of it in one line.
    var text: String { "\(offset) \(leaderEpoch) \(time) \(order) \(metadata.escapedWord)" }

    init(offset: Int64, leaderEpoch: Int32, metadata: String, time: Int64, order: Int64) {
        self.offset = offset
        self.leaderEpoch = leaderEpoch
        self.metadata = metadata
        self.time = time
        self.order = order
    }

    /// What a line says, or nil when it says nothing that can be used.
    init?(text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 5, let offset = Int64(words[0]), let leaderEpoch = Int32(words[1]),
            let time = Int64(words[2]), let order = Int64(words[3])
        else { return nil }
        let metadata = words[4].unescapedWord
        self.init(offset: offset, leaderEpoch: leaderEpoch, metadata: metadata, time: time, order: order)
    }
}
