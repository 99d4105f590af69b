// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Leader epochs and checkpoints")
struct LeaderEpochsTests {
    @Test("an epoch ends where the next one begins in which something was written")
    func ends() {
        var epochs = LeaderEpochs()
        #expect(epochs.end(of: 0, logEndOffset: 5) == (-1, -1))
        epochs.begin(1, at: 10)
        epochs.begin(2, at: 20)
        epochs.begin(3, at: 20)
        epochs.begin(7, at: 30)
        #expect(epochs.entries.map(\.epoch) == [1, 3, 7])
        for (asked, epoch, end) in [
            (0, 0, 10), (1, 1, 20), (2, 1, 20), (3, 3, 30), (6, 3, 30), (7, 7, 99), (8, -1, -1), (-1, -1, -1),
        ] {
            #expect(epochs.end(of: Int32(asked), logEndOffset: 99) == (Int32(epoch), Int64(end)), "\(asked)")
        }
        #expect(LeaderEpochs(text: epochs.text) == epochs)
    }

    @Test(
        "what Kafka wrote is read, and what was damaged is left out",
        arguments: [
            ("0\n1\n5 7\n", [Int32(5)]), ("0\n2\n1 0\n4 9\n", [1, 4]), ("", []), ("0\n1\nx y\n", []), ("0\n1\n3\n", []),
            ("0\n1\n2147483647 0\n", [1 << 30]), ("0\n1\n-3 -4\n", [0]),
        ]
    )
    func text(text: String, expected: [Int32]) {
        #expect(LeaderEpochs(text: text).entries.map(\.epoch) == expected)
    }

    @Test("a checkpoint of offsets is read as it was written")
    func checkpoint() {
        var checkpoint = PartitionCheckpoint()
        checkpoint.offsets = [TransactionPartition("a", 1): 5, TransactionPartition("b-c", 0): .max]
        #expect(PartitionCheckpoint(text: checkpoint.text) == checkpoint)
        #expect(checkpoint.text == "0\n2\na 1 5\nb-c 0 9223372036854775807\n")
        #expect(PartitionCheckpoint(text: "0\n3\na 1\na b c\nx 1 2\n").offsets.count == 1)
    }
}
