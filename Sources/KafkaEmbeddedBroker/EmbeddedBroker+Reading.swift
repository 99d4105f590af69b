// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

extension EmbeddedBroker {
    /// Bytes of batches that are read at once.
    private static let readSize = 4 * 1024 * 1024

    /// The topics and their numbers of partitions.
    public var topics: [String: Int] {
        get async {
            let topics = try? await eventLoop.submit { [server] in
                server.value.cluster.topics.mapValues { $0.partitions.count }
            }.get()
            return topics ?? [:]
        }
    }

    /// The offset that the next record of a partition gets.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's number.
    /// - Throws: When there is no such partition, or the broker was stopped.
    /// - Returns: The offset after the last record's.
    public func logEndOffset(topic: String, partition: Int) async throws(EmbeddedBrokerError) -> Int64 {
        try await withLog(topic, partition) { log in log.logEndOffset }
    }

    /// The offset that readers of committed records do not reach: that of the first record of the first open transaction, or
    /// the log's end.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's number.
    /// - Throws: When there is no such partition, or the broker was stopped.
    /// - Returns: The last stable offset.
    public func lastStableOffset(topic: String, partition: Int) async throws(EmbeddedBrokerError) -> Int64 {
        try await withLog(topic, partition) { log in log.lastStableOffset }
    }

    /// The records of a partition that readers of committed records get, decompressed. Meant for tests: they are all held in
    /// memory.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's number.
    /// - Throws: When there is no such partition, its log cannot be read or decoded, or the broker was stopped.
    /// - Returns: The records in their order, up to the first one of an open transaction at the time of the call.
    public func committedRecords(topic: String, partition: Int) async throws(EmbeddedBrokerError) -> [StoredRecord] {
        let (end, aborted) = try await withLog(topic, partition) { log in
            (log.lastStableOffset, log.transactions.aborted)
        }
        return try await records(topic: topic, partition: partition).filter { record in
            record.offset < end
                && !(record.batch.isTransactional
                    && aborted.contains { transaction in
                        transaction.producerID == record.batch.producerID
                            && (transaction.firstOffset...transaction.lastOffset).contains(record.offset)
                    })
        }
    }

    /// All records of a partition, decompressed, without the markers that end transactions. Meant for tests: they are all
    /// held in memory.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's number.
    ///   - offset: Where to begin; nil for the oldest record.
    /// - Throws: When there is no such partition, its log cannot be read or decoded, or the broker was stopped.
    /// - Returns: The records in their order, up to the last one at the time of the call.
    public func records(
        topic: String,
        partition: Int,
        from offset: Int64? = nil
    ) async throws(EmbeddedBrokerError) -> [StoredRecord] {
        let (start, end) = try await withLog(topic, partition) { ($0.logStartOffset, $0.logEndOffset) }
        var next = max(offset ?? start, start)
        var records: [StoredRecord] = []
        while next < end {
            let from = next
            let batches = try await withLog(topic, partition) { log throws(StorageError) in
                try log.batches(from: from, maximumBytes: Self.readSize, atLeastOne: true)
            }
            guard batches.readableBytes > 0 else { break }
            next = try Self.decode(batches, into: &records)
        }
        return records.filter { $0.offset >= offset ?? start && $0.offset < end }
    }

    /// Adds the records of `batches`, and returns the offset after the last one's.
    private static func decode(
        _ batches: ByteBuffer,
        into records: inout [StoredRecord]
    ) throws(EmbeddedBrokerError) -> Int64 {
        var splitter = RecordBatchSplitter(batches)
        var next: Int64 = 0
        do {
            while let batch = try splitter.next() {
                next = batch.header.lastOffset + 1
                guard !batch.header.isControl else { continue }
                records += try batch.decompressedRecords().map { StoredRecord($0, in: batch.header) }
            }
        } catch {
            throw EmbeddedBrokerError(.undecodableBatch, "the batch before offset \(next) cannot be decoded: \(error)")
        }
        return next
    }

    private func withLog<Result: Sendable>(
        _ topic: String,
        _ partition: Int,
        _ body: @escaping @Sendable (PartitionLog) throws(StorageError) -> Result
    ) async throws(EmbeddedBrokerError) -> Result {
        do {
            return try await eventLoop.submit { [server] in
                guard !server.value.isClosed else { throw EmbeddedBrokerError(.stopped, "the broker was stopped") }
                guard let found = server.value.cluster.topics[topic]?.partition(Int32(clamping: partition)) else {
                    throw EmbeddedBrokerError(.unknownPartition, "there is no partition \(topic)-\(partition)")
                }
                return try body(found.log)
            }.get()
        } catch let error as EmbeddedBrokerError {
            throw error
        } catch let error as StorageError {
            throw EmbeddedBrokerError(error)
        } catch {
            throw EmbeddedBrokerError(.storage, "\(error)")
        }
    }
}
