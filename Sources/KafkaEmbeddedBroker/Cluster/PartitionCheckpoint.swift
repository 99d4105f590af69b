// SPDX-License-Identifier: Apache-2.0

/// A file of Kafka's form that has one offset for each of some partitions, such as `log-start-offset-checkpoint`: a version, the
/// number of partitions, and `TOPIC PARTITION OFFSET` a line.
struct PartitionCheckpoint: Equatable {
    var offsets: [TransactionPartition: Int64] = [:]

    init() {}

    /// Reads a file; lines that cannot be read are left out.
    init(text: String) {
        for line in text.split(whereSeparator: \.isNewline).dropFirst(2) {
            let words = line.split(separator: " ")
            guard words.count == 3, let index = Int32(words[1]), let offset = Int64(words[2]) else { continue }
            offsets[TransactionPartition(String(words[0]), index)] = offset
        }
    }

    var text: String {
        let lines = offsets.sorted { $0.key < $1.key }.map { "\($0.key.topic) \($0.key.index) \($0.value)\n" }
        return "0\n\(offsets.count)\n" + lines.joined()
    }
}
