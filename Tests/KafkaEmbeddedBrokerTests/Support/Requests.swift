// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

extension ProduceRequest {
    /// Records for one partition.
    init(_ records: ByteBuffer?, topic: String, id: TopicID = .zero, partition: Int32 = 0, acks: Int16 = -1) {
        let data = PartitionData(index: partition, records: records)
        self.init(
            acks: acks,
            timeoutMs: 1000,
            topicData: [TopicData(name: topic, topicID: id, partitionData: [data])]
        )
    }
}

extension ProduceResponse {
    /// What became of the first partition.
    var single: PartitionResponse {
        responses.first?.partitionResponses.first ?? PartitionResponse(index: -9)
    }
}

extension FetchRequest {
    /// A fetch of one partition.
    init(
        topic: String,
        id: TopicID = .zero,
        partition: Int32 = 0,
        from offset: Int64 = 0,
        maxBytes: Int32 = 1 << 20,
        leaderEpoch: Int32 = -1
    ) {
        let wanted = Partition(
            partition: partition,
            currentLeaderEpoch: leaderEpoch,
            fetchOffset: offset,
            partitionMaxBytes: maxBytes
        )
        self.init(minBytes: 1, topics: [Topic(topic: topic, topicID: id, partitions: [wanted])])
    }
}

extension FetchResponse {
    /// What came of the first partition.
    var single: PartitionData {
        responses.first?.partitions.first ?? PartitionData(partitionIndex: -9)
    }
}

extension FetchResponse.PartitionData {
    /// The values of all records, of batches that are not compressed.
    func values() throws -> [String] {
        var splitter = RecordBatchSplitter(try #require(records))
        var values: [String] = []
        while let batch = try splitter.next() {
            values += try batch.records().map { $0.value.map { String(buffer: $0) } ?? "null" }
        }
        #expect(splitter.remaining.readableBytes == 0)
        return values
    }
}

extension TestClient {
    /// The id of a topic that is there.
    func topicID(of topic: String) async throws -> TopicID {
        let response = try await send(MetadataRequest(topics: [MetadataRequest.Topic(name: topic)]), version: 12)
        return try #require(response.topics.first?.topicID)
    }

    /// Appends a batch to a partition of a topic that is there.
    func append(_ batch: ByteBuffer, topic: String, partition: Int32 = 0) async throws {
        let response = try await send(ProduceRequest(batch, topic: topic, partition: partition), version: 9)
        #expect(response.single.errorCode == .none)
    }
}
