// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization

/// What a scripted broker does; without changes, what a good broker does.
struct BrokerScript: Sendable {
    /// What is done about a produce request.
    enum Step: Sendable {
        /// Append every batch, and ask for a pause.
        case append(throttle: Int32 = 0)
        /// Refuse every batch.
        case fail(ErrorCode)
        /// Answer so for these partitions; append the batches of the others.
        case respond([Int32: ProduceResponse.PartitionResponse], endpoints: [NodeEndpoint] = [])
        /// Answer exactly so, and append nothing.
        case answer(ProduceResponse)
        /// Append every batch, and answer with an error all the same.
        case appendAndFail(ErrorCode)
        /// Append every batch, then close the connection in place of an answer.
        case appendAndClose
        case close
        /// Answer later: ``ScriptedBroker/answerHeld(_:)``.
        case hold
        /// Never answer.
        case ignore
        /// Never answer, and read nothing more.
        case stopReading
        /// Answer under another request's id.
        case misanswer
    }

    /// The topics with their numbers of partitions.
    var topics: [String: Int32] = ["t": 1]
    /// The versions of Produce that are advertised.
    var produceVersions: ClosedRange<Int16> = 0...12
    /// Whether the connection of that number is accepted and nothing on it is ever answered, counted from 0.
    var staysSilent: @Sendable (_ connection: Int) -> Bool = { _ in false }
    /// Changes the answer to the question for versions.
    var versions: @Sendable (_ response: inout ApiVersionsResponse) -> Void = { _ in }
    /// Whether to leave the request of that number for metadata or a producer id unanswered, counted from 0.
    var ignores: @Sendable (_ api: APIKey, _ ordinal: Int) -> Bool = { _, _ in false }
    /// The body with which to refuse a version of ApiVersions, or `nil` to take it.
    var refusal: @Sendable (_ version: Int16) -> [UInt8]? = { _ in nil }
    /// Changes the answer to the metadata request of that number, counted from 0.
    var metadata: @Sendable (_ ordinal: Int, _ response: inout MetadataResponse) -> Void = { _, _ in }
    /// Answers the request for a producer id of that number, counted from 0.
    var identity: @Sendable (_ ordinal: Int) -> InitProducerIDResponse = { ordinal in
        InitProducerIDResponse(producerID: 1000 + Int64(ordinal), producerEpoch: 0)
    }
    /// After how many bytes of its body to cut off the answer of that number, counted from 0 for each API, if at all.
    var cut: @Sendable (_ api: APIKey, _ ordinal: Int) -> Int? = { _, _ in nil }
    /// Whether sequences are checked as a real broker does.
    var checksSequences = false
    /// Coordinates transactions; without it nobody does.
    var coordinator: ScriptedCoordinator?
    /// What to do about a produce request.
    var produce: @Sendable (ProduceCall) -> Step = { _ in .append() }

    /// A script that does the listed steps, then appends.
    static func steps(_ steps: [Step]) -> BrokerScript {
        var script = BrokerScript()
        script.produce = { $0.ordinal < steps.count ? steps[$0.ordinal] : .append() }
        return script
    }
}

/// A produce request as a scripted broker got it.
struct ProduceCall: Sendable {
    /// Its number among all of the cluster, from 0.
    let ordinal: Int
    let node: Int32
    let connection: Int
    let version: Int16
    let acks: Int16
    let transactionalID: String?
    let batches: [ProducedBatch]
    /// Bytes of the request.
    let size: Int
    let time: NIODeadline
    /// How many requests were held when this one came.
    let held: Int

    /// The values in it.
    var values: [String] { batches.flatMap(\.values) }
}

/// A batch in a produce request.
struct ProducedBatch: Sendable {
    let topic: String
    let topicID: TopicID
    let partition: Int32
    let header: RecordBatchHeader
    let values: [String]
    let size: Int

    /// Reads the batch of a request.
    init(_ data: ProduceRequest.PartitionData, topic: ProduceRequest.TopicData) throws {
        let reader = try RecordBatchReader(data.records ?? ByteBuffer())
        self.topic = topic.name
        topicID = topic.topicID
        partition = data.index
        header = reader.header
        values = try reader.decompressedRecords(limit: 1 << 24).map { $0.value.map { String(buffer: $0) } ?? "null" }
        size = reader.buffer.readableBytes
    }
}

/// A produce request that is not answered yet.
struct PendingCall: Sendable {
    /// Where the answer goes.
    struct Origin: Sendable {
        let header: RequestHeader
        let channel: any Channel
    }

    let call: ProduceCall
    let origin: Origin
}

extension MetadataResponse.Topic {
    /// The topic with these leaders of its partitions.
    func with(leaders: [Int32], epoch: Int32) -> MetadataResponse.Topic {
        var topic = self
        topic.partitions = leaders.enumerated().map { index, leader in
            MetadataResponse.Partition(partitionIndex: Int32(index), leaderID: leader, leaderEpoch: epoch)
        }
        return topic
    }
}
