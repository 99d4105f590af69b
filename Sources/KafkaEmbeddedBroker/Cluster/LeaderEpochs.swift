// SPDX-License-Identifier: Apache-2.0

/// From which offset on each leader epoch of a partition holds: what Kafka keeps in `leader-epoch-checkpoint` (KIP-101).
struct LeaderEpochs: Equatable {
    struct Entry: Equatable {
        var epoch: Int32
        var startOffset: Int64
    }

    /// By rising epoch.
    private(set) var entries: [Entry] = []

    /// The last epoch; nil before there is one.
    var latest: Int32? { entries.last?.epoch }

    /// Begins an epoch. Epochs in which nothing was written are forgotten.
    mutating func begin(_ epoch: Int32, at startOffset: Int64) {
        entries.removeAll { $0.epoch >= epoch || $0.startOffset >= startOffset }
        entries.append(Entry(epoch: epoch, startOffset: startOffset))
    }

    /// Takes note of a batch that was copied, if it is the first one of its epoch.
    mutating func note(_ epoch: Int32, at offset: Int64) {
        guard epoch > latest ?? -1 else { return }
        begin(epoch, at: offset)
    }

    /// Forgets the epochs that begin at an offset or later.
    mutating func truncate(to offset: Int64) {
        entries.removeAll { $0.startOffset >= offset }
    }

    /// The last epoch that is not above the one that is asked for, and where it ends. -1 both when nothing is known of it.
    func end(of epoch: Int32, logEndOffset: Int64) -> (epoch: Int32, endOffset: Int64) {
        guard let latest, epoch >= 0, epoch <= latest else { return (-1, -1) }
        guard epoch < latest, let next = entries.first(where: { $0.epoch > epoch }) else {
            return (epoch, logEndOffset)
        }
        let floor = entries.last { $0.epoch <= epoch }
        return (floor?.epoch ?? epoch, next.startOffset)
    }

    // MARK: Text

    /// What the file holds: a version, the number of epochs, and a line for each.
    var text: String {
        "0\n\(entries.count)\n" + entries.map { "\($0.epoch) \($0.startOffset)\n" }.joined()
    }

    init() {}

    /// Reads a file. What was damaged is left out: no leader reaches more than half of all epochs.
    init(text: String) {
        for line in text.split(whereSeparator: \.isNewline).dropFirst(2) {
            let words = line.split(separator: " ")
            guard words.count == 2, let epoch = Int32(words[0]), let start = Int64(words[1]) else { continue }
            let largest = PartitionLog.largestBaseOffset
            begin(min(max(epoch, 0), Self.largestEpoch), at: min(max(start, 0), largest))
        }
    }

    private static let largestEpoch: Int32 = 1 << 30
}
