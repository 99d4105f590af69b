// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ProducerCommand

/// Which partition keys go to.
@Suite("The partitions of keys")
struct KeyPlacementTests {
    @Test(
        "a key's partition among 12 by each client's hash",
        arguments: [
            // murmur2's vectors of the Java client, without their sign.
            (.java, "21", (-973_932_308 & 0x7FFF_FFFF) % 12), (.java, "foobar", (-790_332_482 & 0x7FFF_FFFF) % 12),
            (.java, "abc", 479_470_107 % 12),
            // CRC-32 as zlib has it.
            (.librdkafka, "a", 0xE8B7_BE43 % 12), (.librdkafka, "123456789", 0xCBF4_3926 % 12), (.librdkafka, "", nil),
            // FNV-1a's published vectors, as signed numbers whose sign is dropped after the division.
            (.sarama, "", 0x7EE3_623B % 12), (.sarama, "a", 0x1BF3_D6D4 % 12), (.sarama, "foobar", 0x4063_0698 % 12),
        ] as [(KeyPlacement, String, Int?)]
    )
    func known(placement: KeyPlacement, key: String, partition: Int?) {
        #expect(placement.partition(of: Array(key.utf8), count: 12) == partition.map { Int32($0) })
    }
}

/// The command, and what others really do.
@Suite("partition-of", .takesTurns, .timeLimit(.minutes(10)))
struct PartitionCommandTests {
    @Test("a line a key, with escapes; an empty key is any to librdkafka")
    func lines() async throws {
        let java = try await KafkaProducerBinary.run(["partition-of", "--partitions", "12", "alice", "\\x00", "-x"])
        #expect(java.status == 2, "an option is no key")
        let keys = try await KafkaProducerBinary.run([
            "partition-of", "--partitions", "12", "alice", "\\x61lice", "--", "-x",
        ])
        #expect(keys.status == 0 && keys.outputLines.count == 3, "\(keys)")
        #expect(keys.outputLines[0].split(separator: "\t")[0] == keys.outputLines[1].split(separator: "\t")[0])
        let any = try await KafkaProducerBinary.run(["partition-of", "--partitions", "3", "--as", "librdkafka", ""])
        #expect(any.outputText == "any\t\n")
        for words in [["--partitions", "0", "a"], ["--partitions", "-3", "a"], ["a"], ["--partitions", "3"]] {
            #expect(try await KafkaProducerBinary.run(["partition-of"] + words).status == 2, "\(words)")
        }
    }

    @Test("keys that this program and kcat send are where it says", .needsPeers, arguments: ["java", "librdkafka"])
    func peers(client: String) async throws {
        let broker = try await EmbeddedBrokerProcess(["--partitions", "12"])
        let keys = (0..<200).map { "key-\($0 * 7919)" }
        let input = keys.map { "\($0):v\n" }.joined()
        if client == "java" {
            try await KafkaProducerBinary.send(.text(input), to: "t", at: broker.bootstrap, arguments: ["-K:"])
        } else {
            try await Kcat.produce(.text(input), to: "t", at: broker.bootstrap, arguments: ["-K:"])
        }
        let stored = try await TopicReader.read("t", from: broker.bootstrap)
        #expect(stored.count == 200)
        let said = try await KafkaProducerBinary.run(["partition-of", "--partitions", "12", "--as", client] + keys)
        let lines = Set(stored.map { "\($0.partition ?? -1)\t\(String(decoding: $0.key ?? .init(), as: UTF8.self))" })
        #expect(Set(said.outputLines) == lines)
    }
}
