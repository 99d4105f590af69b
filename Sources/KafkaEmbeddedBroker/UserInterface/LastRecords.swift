// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// The last records of a topic that consumers can read, decompressed. It takes a bounded amount of work, however large the topic
/// and its batches are.
struct LastRecords {
    /// Records that are shown of a topic.
    static let count = 20
    /// Partitions that are looked at: those with the newest records.
    private static let mostPartitions = 32
    /// Bytes that are read of a partition, unless its last batch is larger.
    private static let readSize = 256 * 1024
    /// Bytes of the largest batch that is decompressed, before and after that.
    private static let largestBatch = 4 << 20
    private static let largestSection = 16 << 20

    /// By falling timestamp.
    private(set) var records: [ShownRecord] = []
    /// Why some are not shown; nil when all are.
    private(set) var omission: String?

    init(of topic: Topic) {
        let written = topic.partitions.filter { $0.log.highWatermark > $0.log.logStartOffset }
        let newest = written.sorted { $0.log.maxTimestamp > $1.log.maxTimestamp }.prefix(Self.mostPartitions)
        for partition in newest { add(partition) }
        records.sort { ($0.timestamp, $0.offset, $1.partition) > ($1.timestamp, $1.offset, $0.partition) }
        records = Array(records.prefix(Self.count))
    }

    private mutating func add(_ partition: Partition) {
        let log = partition.log
        do {
            // Where the last ones are too large to be read together, the last one stands for them.
            for count in [Int64(Self.count), 1] {
                let start = max(log.logStartOffset, log.highWatermark - count)
                let (found, end) = try Self.records(of: log, partition.index, from: start)
                guard end >= log.highWatermark || count == 1 else { continue }
                records += found.suffix(Self.count)
                return
            }
        } catch let error as Omission {
            omission = "\(partition.index): \(error.reason)"
        } catch {
            omission = "\(partition.index): the last batch cannot be read"
        }
    }

    private struct Omission: Error {
        var reason: String
    }

    /// The records from an offset on, and where those end that were read.
    private static func records(
        of log: PartitionLog,
        _ partition: Int32,
        from start: Int64
    ) throws -> (records: [ShownRecord], end: Int64) {
        var records: [ShownRecord] = []
        var next = start
        while next < log.highWatermark {
            let bytes = try log.batches(
                from: next,
                before: log.highWatermark,
                maximumBytes: readSize,
                atLeastOne: true
            )
            guard bytes.readableBytes > 0 else { return (records, log.highWatermark) }
            guard bytes.readableBytes <= largestBatch else {
                throw Omission(reason: "a batch of \(bytes.readableBytes) bytes is too large to be shown")
            }
            var splitter = RecordBatchSplitter(bytes)
            while let batch = try splitter.next() {
                next = batch.header.lastOffset + 1
                guard !batch.header.isControl else { continue }
                records += try shown(batch, of: log, partition, from: start)
            }
            // A segment ended early goes on in the next one; a large tail is not read to its end.
            if bytes.readableBytes * 2 > readSize { break }
        }
        return (records, next)
    }

    private static func shown(
        _ batch: RecordBatchReader,
        of log: PartitionLog,
        _ partition: Int32,
        from start: Int64
    ) throws -> [ShownRecord] {
        let header = batch.header
        let transaction = header.isTransactional ? log.transactions : nil
        return try batch.decompressedRecords(limit: largestSection).suffix(count).compactMap { record in
            guard header.offset(of: record) >= start else { return nil }
            var shown = ShownRecord(record, in: header, partition: partition)
            if let transaction { shown.transaction = word(transaction, header.producerID, shown.offset, log) }
            return shown
        }
    }

    private static func word(
        _ transactions: LogTransactions,
        _ producerID: Int64,
        _ offset: Int64,
        _ log: PartitionLog
    ) -> String? {
        if let first = transactions.firstOffset(of: producerID), offset >= first { return "open" }
        let isAborted = transactions.aborted(from: offset, to: offset + 1).contains { $0.producerID == producerID }
        return isAborted ? "aborted" : nil
    }
}
