// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaEmbeddedBroker
import KafkaProtocol
import KafkaRecords
import Testing

@Suite("ListOffsets")
struct ListOffsetsTests {
    private static func ask(
        _ client: TestClient,
        _ timestamp: Int64,
        version: Int16 = 7,
        topic: String = "orders",
        partition: Int32 = 0,
        leaderEpoch: Int32 = -1
    ) async throws -> ListOffsetsResponse.Partition {
        let wanted = ListOffsetsRequest.Partition(
            partitionIndex: partition,
            currentLeaderEpoch: leaderEpoch,
            timestamp: timestamp
        )
        let request = ListOffsetsRequest(topics: [ListOffsetsRequest.Topic(name: topic, partitions: [wanted])])
        return try #require(try await client.send(request, version: version).topics.first?.partitions.first)
    }

    @Test("every version finds the two ends", arguments: ListOffsetsRequest.validVersions)
    func ends(version: Int16) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            try await client.append(try TestBatch.make(), topic: "orders")
            #expect(try await Self.ask(client, -2, version: version).offset == 0)
            let end = try await Self.ask(client, -1, version: version)
            #expect(end.offset == 3)
            #expect(end.timestamp == -1)
            #expect(end.leaderEpoch == (version >= 4 ? 0 : -1))
            #expect(end.errorCode == .none)
        }
    }

    @Test(
        "a timestamp leads to the first record that has it or a later one",
        arguments: [
            (0, 0, 0), (10, 0, 10), (11, 1, 11), (12, 2, 12), (13, 3, 100), (100, 3, 100), (101, 4, 101),
            (102, -1, -1),
            // The largest timestamp, the start of what is there locally, what is in other tiers.
            (-3, 4, 101), (-4, 0, -1), (-5, -1, -1), (-6, -1, -1),
        ] as [(Int64, Int64, Int64)],
        [nil, CodecName.gzip]
    )
    func timestamps(asked: (Int64, Int64, Int64), codec: CodecName?) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            for (values, time) in [(["a", "b", "c"], Int64(10)), (["d", "e"], 100), (["f"], 50)] {
                try await client.append(
                    try TestBatch.make(values, codec: codec, timestamp: time),
                    topic: "orders"
                )
            }
            let found = try await Self.ask(client, asked.0)
            // Before the first record, the first record is found.
            #expect(found.offset == asked.1)
            #expect(found.timestamp == (asked.0 == 0 ? 10 : asked.2))
        }
    }

    @Test("an empty log has no timestamps")
    func empty() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            for timestamp in [Int64(-3), 0, .max] {
                let found = try await Self.ask(client, timestamp)
                #expect(found.offset == -1)
                #expect(found.errorCode == .none)
            }
        }
    }

    @Test("what cannot be asked is refused")
    func refusals() async throws {
        try await withBroker {
            $0.brokers = 2
            $0.topics = ["orders": 2]
        } _: { _, client in
            var errors: [ErrorCode] = []
            errors.append(try await Self.ask(client, -1, topic: "none").errorCode)
            errors.append(try await Self.ask(client, -1, partition: 2).errorCode)
            errors.append(try await Self.ask(client, -1, partition: 1).errorCode)
            errors.append(try await Self.ask(client, -1, leaderEpoch: 1).errorCode)
            errors.append(try await Self.ask(client, -99).errorCode)
            #expect(
                errors == [
                    .unknownTopicOrPartition, .unknownTopicOrPartition, .notLeaderOrFollower, .unknownLeaderEpoch,
                    .unsupportedVersion,
                ]
            )
        }
    }
}
