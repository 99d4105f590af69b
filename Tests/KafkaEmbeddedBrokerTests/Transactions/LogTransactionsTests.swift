// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore
import Testing
import Vectors

@testable import KafkaEmbeddedBroker

@Suite("Transactions in a log")
struct LogTransactionsTests {
    private func data(_ producer: Int64, epoch: Int16 = 0) -> RecordBatchHeader {
        var header = RecordBatchHeader()
        header.producerID = producer
        header.producerEpoch = epoch
        header.isTransactional = true
        header.recordCount = 1
        return header
    }

    private func marker(_ kind: ControlBatch.Kind, _ producer: Int64) -> ControlBatch {
        ControlBatch(kind, producerID: producer, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 0)
    }

    @Test("the last stable offset is the first record's of the first open transaction")
    func stableOffset() {
        var log = LogTransactions()
        #expect(log.stableOffset(end: 10) == 10)
        log.appended(data(1), baseOffset: 10)
        log.appended(data(2), baseOffset: 12)
        log.appended(data(1), baseOffset: 14)
        #expect(log.stableOffset(end: 16) == 10)
        #expect(log.isOpen(producerID: 1, epoch: 0) && !log.isOpen(producerID: 1, epoch: 1))
        log.ended(marker(.commit, 1), at: 16)
        #expect(log.stableOffset(end: 17) == 12)
        log.ended(marker(.abort, 2), at: 17)
        #expect(log.stableOffset(end: 18) == 18)
        #expect(log.aborted == [.init(producerID: 2, firstOffset: 12, lastOffset: 17, stableOffset: 18)])
    }

    @Test("a marker without records, and one that comes again, leave no trace")
    func emptyMarkers() {
        var log = LogTransactions()
        log.ended(marker(.abort, 1), at: 0)
        log.appended(data(1), baseOffset: 1)
        log.ended(marker(.abort, 1), at: 2)
        log.ended(marker(.abort, 1), at: 3)
        #expect(log.aborted.map(\.firstOffset) == [1])
    }

    /// Open from 0 (producer 1), 2 (2) and 4 (3); aborted at 6, 8 and 10, the inner one first.
    @Test(
        "a reader is told of the aborted transactions of what it gets, by their first offsets",
        arguments: [
            (0, 12, [0, 2, 4]), (0, 1, [0]), (0, 3, [0, 2]), (7, 12, [0, 2]), (9, 12, [0]), (10, 12, [0]), (11, 12, []),
            (0, 0, []),
        ] as [(Int64, Int64, [Int64])]
    )
    func aborted(from: Int64, to: Int64, expected: [Int64]) {
        var log = LogTransactions()
        for (producer, offset) in [(1, 0), (2, 2), (3, 4)] as [(Int64, Int64)] {
            log.appended(data(producer), baseOffset: offset)
        }
        for (producer, offset) in [(3, 6), (2, 8), (1, 10)] as [(Int64, Int64)] {
            log.ended(marker(.abort, producer), at: offset)
        }
        #expect(log.aborted(from: from, to: to).map(\.firstOffset) == expected)
    }

    @Test("markers are those of a Kafka 3.9 broker, byte by byte")
    func golden() throws {
        var found: Set<ControlBatch.Kind> = []
        for name in ["fixture-0", "fixture-1"] {
            for bytes in try KafkaLog.batches(of: name) {
                let batch = try RecordBatchReader(bytes)
                guard batch.header.isControl else { continue }
                let marker = try #require(ControlBatch(batch))
                found.insert(marker.kind)
                var made = marker.batch.bytes
                #expect(made.readableBytes == 78)
                RecordBatchHeader.assign(
                    baseOffset: batch.header.baseOffset,
                    partitionLeaderEpoch: batch.header.partitionLeaderEpoch,
                    in: &made
                )
                #expect(made.hex == bytes.hex)
            }
        }
        #expect(found == [.abort, .commit])
    }

    @Test("the log of a Kafka 3.9 broker has the aborted transactions that Kafka indexed")
    func index() async throws {
        for partition in 0..<2 {
            try await withTemporaryDirectory { directory in
                let folder = try KafkaLog.copy(partition, to: directory)
                let options = PartitionLog.Options(directory: folder, segmentBytes: 1 << 30)
                let log = try PartitionLog(options: options, logger: .silent)
                #expect(log.transactions.aborted == (try KafkaLog.index(of: partition)))
                #expect(log.lastStableOffset == log.logEndOffset)
            }
        }
    }
}
