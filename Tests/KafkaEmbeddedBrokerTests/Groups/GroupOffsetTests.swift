// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Offsets of groups")
struct GroupOffsetTests {
    private static let place = TransactionPartition("orders", 0)

    private func withProducer(
        _ version: TransactionProtocol = .second,
        _ body: (EmbeddedBroker, TransactionalClient) async throws -> Void
    ) async throws {
        try await withBroker {
            $0.topics = ["orders": 2]
        } _: { broker, client in
            let producer = TransactionalClient(client, id: "tx", version)
            try await producer.initialize()
            try await body(broker, producer)
        }
    }

    private func commit(_ offset: Int64, version: Int16 = 9, _ client: TestClient) async throws -> ErrorCode {
        let id = try await client.topicID(of: "orders")
        let partition = OffsetCommitRequest.Partition(
            partitionIndex: 0,
            committedOffset: offset,
            committedMetadata: "m"
        )
        let topic = OffsetCommitRequest.Topic(name: "orders", topicID: id, partitions: [partition])
        let response = try await client.send(OffsetCommitRequest(groupID: "g", topics: [topic]), version: version)
        return try #require(response.topics.first?.partitions.first).errorCode
    }

    @Test("what is committed is fetched, in every version", arguments: OffsetFetchRequest.validVersions)
    func versions(version: Int16) async throws {
        try await withBroker {
            $0.topics = ["orders": 2]
        } _: { _, client in
            #expect(try await commit(5, version: max(2, version), client) == .none)
            let id = try await client.topicID(of: "orders")
            var request = OffsetFetchRequest()
            if version < 8 {
                request.groupID = "g"
                request.topics = [.init(name: "orders", partitionIndexes: [0, 1])]
            } else {
                let topic = OffsetFetchRequest.GroupTopic(name: "orders", topicID: id, partitionIndexes: [0, 1])
                request.groups = [.init(groupID: "g", topics: [topic])]
            }
            let response = try await client.send(request, version: version)
            let partitions =
                version < 8
                ? response.topics.first?.partitions : response.groups.first?.topics.first?.partitions
            #expect(partitions?.map(\.committedOffset) == [5, -1])
            #expect(partitions?.map(\.metadata) == ["m", ""])
            #expect(partitions?.allSatisfy { $0.errorCode == .none } == true)
            guard version >= 2 else { return }
            request.topics = nil
            if version >= 8 { request.groups[0].topics = nil } else { request.groupID = "g" }
            let everything = try await client.send(request, version: version)
            let all =
                version < 8
                ? everything.topics.flatMap { $0.partitions.map(\.committedOffset) }
                : everything.groups.flatMap { $0.topics.flatMap { $0.partitions.map(\.committedOffset) } }
            #expect(all == [5])
        }
    }

    @Test("an offset in a transaction holds once its marker is written", arguments: TransactionProtocol.allCases)
    func transaction(version: TransactionProtocol) async throws {
        try await withProducer(version) { broker, producer in
            try await broker.holdTransactionMarkers()
            #expect(try await producer.commit(offset: 3, metadata: "first", Self.place) == .none)
            #expect(try await producer.commit(offset: 4, metadata: "last", Self.place) == .none)
            for decided in [false, true] {
                if decided { #expect(try await producer.end(commits: true) == .none) }
                let stable = try await producer.fetchOffset(Self.place, isStable: true)
                #expect(stable.errorCode == .unstableOffsetCommit && stable.committedOffset == -1)
                let unstable = try await producer.fetchOffset(Self.place, isStable: false)
                #expect(unstable.errorCode == .none && unstable.committedOffset == -1)
            }
            try await broker.releaseTransactionMarkers()
            let done = try await producer.fetchOffset(Self.place, isStable: true)
            #expect(done.committedOffset == 4 && done.metadata == "last")

            try await broker.holdTransactionMarkers()
            try await producer.commit(offset: 9, Self.place)
            try await producer.end(commits: false)
            try await broker.releaseTransactionMarkers()
            #expect(try await producer.fetchOffset(Self.place, isStable: true).committedOffset == 4)
        }
    }

    @Test("an offset that is committed later without a transaction holds")
    func laterCommit() async throws {
        try await withProducer { broker, producer in
            try await producer.commit(offset: 3, Self.place)
            #expect(try await commit(8, producer.client) == .none)
            try await broker.holdTransactionMarkers()
            try await producer.end(commits: true)
            try await broker.releaseTransactionMarkers()
            #expect(try await producer.fetchOffset(Self.place, isStable: true).committedOffset == 8)
        }
    }

    @Test(
        "offsets in a transaction that the group was not added to are refused",
        arguments: [(Int16(3), ErrorCode.invalidTransactionState), (4, .transactionAbortable), (5, .none)]
    )
    func verification(version: Int16, expected: ErrorCode) async throws {
        try await withProducer { _, producer in
            let request = TransactionOffsetCommitRequest(
                transactionalID: "tx",
                groupID: "g",
                producerID: producer.producer.id,
                producerEpoch: producer.producer.epoch,
                topics: [.init(name: "orders", partitions: [.init(committedOffset: 1)])]
            )
            let response = try await producer.client.send(request, version: version)
            #expect(response.topics[0].partitions[0].errorCode == expected)
        }
    }

    @Test("what is wrong with an offset is said of it alone")
    func objections() async throws {
        try await withProducer { _, producer in
            func expect(
                _ expected: [ErrorCode],
                _ change: (inout TransactionOffsetCommitRequest) -> Void
            ) async throws {
                var request = TransactionOffsetCommitRequest(
                    transactionalID: "tx",
                    groupID: "g",
                    producerID: producer.producer.id,
                    producerEpoch: producer.producer.epoch,
                    topics: [
                        .init(
                            name: "orders",
                            partitions: [
                                .init(partitionIndex: 0, committedOffset: 1),
                                .init(partitionIndex: 9, committedOffset: 1),
                            ]
                        )
                    ]
                )
                change(&request)
                let response = try await producer.client.send(request, version: 5)
                #expect(response.topics.flatMap { $0.partitions.map(\.errorCode) } == expected)
            }
            try await expect([.none, .unknownTopicOrPartition]) { _ in }
            let longest = String(repeating: "ä", count: 4096)
            try await expect([.none, .unknownTopicOrPartition]) {
                $0.topics[0].partitions[0].committedMetadata = longest
            }
            try await expect([.offsetMetadataTooLarge, .unknownTopicOrPartition]) {
                $0.topics[0].partitions[0].committedMetadata = longest + "x"
            }
            try await expect([.invalidGroupID, .invalidGroupID]) { $0.groupID = "" }
            try await expect([.illegalGeneration, .illegalGeneration]) {
                $0.groupID = "new"
                $0.generationID = 3
            }
            // Who says no generation may commit for a group without members, whatever else it says.
            try await expect([.none, .unknownTopicOrPartition]) { $0.memberID = "m" }
            try await expect([.unknownMemberID, .unknownMemberID]) {
                $0.memberID = "m"
                $0.generationID = 1
            }
            try await expect([.invalidProducerEpoch, .unknownTopicOrPartition]) { $0.producerEpoch += 1 }
        }
    }

    @Test("a topic that is deleted takes its offsets along, and old ones are forgotten")
    func forgetting() async throws {
        try await withProducer { broker, producer in
            #expect(try await commit(5, producer.client) == .none)
            try await broker.passTime(.seconds(7 * 24 * 3600 - 60))
            #expect(try await broker.committedOffset(group: "g", topic: "orders", partition: 0)?.offset == 5)
            try await broker.passTime(.seconds(120))
            #expect(try await broker.committedOffset(group: "g", topic: "orders", partition: 0) == nil)
            #expect(try await commit(6, producer.client) == .none)
            try await broker.recreate(topic: "orders", partitions: 1)
            #expect(try await producer.fetchOffset(Self.place, isStable: true).committedOffset == -1)
        }
    }

    @Test("ids and texts of any kind survive in the state's words")
    func words() {
        for text in ["", "plain-1.a_b", "a/b c\td\n%2F", "\u{301}ä€😀", "\r\n", ",,"] {
            #expect(text.escapedWord.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") })
            #expect(text.escapedWord.unescapedWord == text)
        }
        #expect("%".unescapedWord == "%")
        #expect("%zz".unescapedWord == "%zz")
    }
}
