// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// A transactional producer that does what it is told, request by request, by one of the protocols.
final class TransactionalClient {
    var client: TestClient
    let id: String
    let version: TransactionProtocol
    var producer = ProducerIdentity.none
    /// The offset of the batch that was written last.
    private(set) var lastOffset: Int64 = -1
    private var sequences: [TransactionPartition: Int32] = [:]

    init(_ client: TestClient, id: String, _ version: TransactionProtocol) {
        self.client = client
        self.id = id
        self.version = version
    }

    /// Asks for an identity, until the transaction of who had it before is over.
    func initialize(timeout: Int32 = 60_000) async throws {
        while true {
            let request = InitProducerIDRequest(transactionalID: id, transactionTimeoutMs: timeout)
            let response = try await client.send(request, version: 5)
            if response.errorCode == .concurrentTransactions { continue }
            try #require(response.errorCode == .none)
            producer = ProducerIdentity(response.producerID, response.producerEpoch)
            sequences = [:]
            return
        }
    }

    /// Writes a batch within the transaction, and tries again for as long as the last one is not over.
    @discardableResult
    func produce(_ values: [String], to place: TransactionPartition) async throws -> ErrorCode {
        if version == .first {
            let code = try await add([place])
            guard code == .none else { return code }
        }
        while true {
            let code = try await send(values, to: place)
            if code == .concurrentTransactions { continue }
            if code == .none { sequences[place, default: 0] += Int32(values.count) }
            return code
        }
    }

    /// Adds partitions by AddPartitionsToTxn, and tries again for as long as the last transaction is not over.
    func add(_ places: [TransactionPartition]) async throws -> ErrorCode {
        let request = AddPartitionsToTransactionRequest(
            transactionalID: id,
            producerID: producer.id,
            producerEpoch: producer.epoch,
            topics: places.map { .init(name: $0.topic, partitions: [$0.index]) }
        )
        while true {
            let response = try await client.send(request, version: 3)
            let code = response.topics.first?.partitions.first?.errorCode ?? .unknownServerError
            if code != .concurrentTransactions { return code }
        }
    }

    /// Writes a batch, whatever becomes of it.
    func send(
        _ values: [String],
        to place: TransactionPartition,
        version: Int16? = nil
    ) async throws -> ErrorCode {
        let batch = try TestBatch.transactional(values, producer, sequence: sequences[place] ?? 0)
        var request = ProduceRequest(batch, topic: place.topic, partition: place.index)
        request.transactionalID = id
        let response = try await client.send(request, version: version ?? (self.version == .first ? 11 : 12)).single
        lastOffset = response.baseOffset
        return response.errorCode
    }

    /// Commits an offset within the transaction.
    @discardableResult
    func commit(
        offset: Int64,
        metadata: String = "",
        group: String = "g",
        _ place: TransactionPartition
    ) async throws -> ErrorCode {
        if version == .first {
            let request = AddOffsetsToTransactionRequest(
                transactionalID: id,
                producerID: producer.id,
                producerEpoch: producer.epoch,
                groupID: group
            )
            let code = try await client.send(request, version: 3).errorCode
            guard code == .none else { return code }
        }
        let request = TransactionOffsetCommitRequest(
            transactionalID: id,
            groupID: group,
            producerID: producer.id,
            producerEpoch: producer.epoch,
            topics: [
                .init(
                    name: place.topic,
                    partitions: [
                        .init(partitionIndex: place.index, committedOffset: offset, committedMetadata: metadata)
                    ]
                )
            ]
        )
        let response = try await client.send(request, version: version == .first ? 3 : 5)
        return response.topics.first?.partitions.first?.errorCode ?? .unknownServerError
    }

    /// Asks for the transaction's end once.
    @discardableResult
    func end(commits: Bool) async throws -> ErrorCode {
        let request = EndTransactionRequest(
            transactionalID: id,
            producerID: producer.id,
            producerEpoch: producer.epoch,
            committed: commits
        )
        let response = try await client.send(request, version: version == .first ? 4 : 5)
        if response.errorCode == .none, version == .second {
            producer = ProducerIdentity(response.producerID, response.producerEpoch)
            sequences = [:]
        }
        return response.errorCode
    }

    /// What the group has committed.
    func fetchOffset(
        group: String = "g",
        _ place: TransactionPartition,
        isStable: Bool
    ) async throws -> OffsetFetchResponse.Partition {
        let request = OffsetFetchRequest(
            groupID: group,
            topics: [.init(name: place.topic, partitionIndexes: [place.index])],
            requireStable: isStable
        )
        let response = try await client.send(request, version: 7)
        return try #require(response.topics.first?.partitions.first)
    }
}

extension TestBatch {
    /// A batch of a transaction.
    static func transactional(
        _ values: [String],
        _ producer: ProducerIdentity,
        sequence: Int32
    ) throws -> ByteBuffer {
        let batch = try make(values, producerID: producer.id, epoch: producer.epoch, sequence: sequence)
        return setting(Int16(0x10), at: 21, in: batch)
    }
}
