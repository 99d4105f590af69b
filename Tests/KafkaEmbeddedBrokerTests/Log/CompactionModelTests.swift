// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import Logging
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

@Suite("Compaction at random")
struct CompactionModelTests {
    /// A record as a reader of committed records gets it.
    struct Seen: Hashable {
        var offset: Int64
        var key: String
        var value: String?
        var timestamp: Int64
    }

    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// What was written: the model that a log is held against.
    private struct Model {
        var committed: [Seen] = []
        var open: [Int64: [Seen]] = [:]
        var sequences: [Int64: Int32] = [:]
    }

    private static let deleteRetention: Int64 = 1000

    @Test("of each key the last record stays, and nothing else changes", arguments: 0..<40, [false, true])
    func random(seed: Int, inFiles: Bool) async throws {
        try await withTemporaryDirectory { directory in
            var dice = Dice(state: UInt64(seed) &* 104_729 &+ 3)
            var settings = LogSettings()
            settings.compacts = true
            settings.deletes = false
            settings.segmentBytes = [200, 700, 3000].randomElement(using: &dice) ?? 200
            settings.deleteRetention = Self.deleteRetention
            var options = PartitionLog.Options(directory: inFiles ? directory : nil, settings: settings)
            var log = try PartitionLog(options: options, logger: .silent)
            var model = Model()
            var now = TestBatch.time
            for _ in 0..<150 {
                now += Int64.random(in: 0..<300, using: &dice)
                switch Int.random(in: 0..<12, using: &dice) {
                case 0:
                    let isForced = Bool.random(using: &dice)
                    try compact(log, now: now, isForced: isForced)
                    try check(log, model, now: now)
                case 1 where inFiles:
                    let former = log
                    log.close()
                    options.wasClosed = Bool.random(using: &dice)
                    log = try PartitionLog(options: options, logger: .silent)
                    #expect(log.logEndOffset == former.logEndOffset && log.lastStableOffset == former.lastStableOffset)
                case 2, 3: try end(in: log, &model, now: now, &dice)
                default: try write(to: log, &model, now: now, &dice)
                }
            }
            try log.roll()
            try compact(log, now: now, isForced: true)
            try check(log, model, now: now)
            // What has no value goes once readers have had the time to see it.
            now += Self.deleteRetention + 1
            try compact(log, now: now, isForced: true)
            try check(log, model, now: now)
            if model.open.isEmpty { #expect(try read(log).allSatisfy { $0.value != nil }) }
            for (producer, sequence) in model.sequences {
                let next = ProducerStateTable.Sequence(producerID: producer, epoch: 0, first: sequence, last: sequence)
                #expect(log.producers.verdict(on: next) == .append)
            }
        }
    }

    private func compact(_ log: PartitionLog, now: Int64, isForced: Bool) throws {
        guard let compaction = log.compaction(now: now, isForced: isForced) else { return }
        while try compaction.step() {}
    }

    private func write(to log: PartitionLog, _ model: inout Model, now: Int64, _ dice: inout Dice) throws {
        let producer = Int64.random(in: 0..<4, using: &dice)
        let isTransactional = producer > 1
        let records = (0..<Int.random(in: 1...4, using: &dice)).map { _ in
            let isTombstone = Int.random(in: 0..<4, using: &dice) == 0
            let value = isTombstone ? nil : "v\(Int.random(in: 0..<1000, using: &dice))"
            return (key: Optional("k\(Int.random(in: 0..<6, using: &dice))"), value: value)
        }
        let sequence = model.sequences[producer] ?? 0
        let codec: CodecName? = [nil, nil, .gzip, .lz4, .zstd, .snappy].randomElement(using: &dice) ?? nil
        let bytes = try TestBatch.keyed(
            records,
            codec: codec,
            timestamp: now,
            producer: producer == 0 ? .none : ProducerIdentity(producer, 0),
            sequence: producer == 0 ? Int32(-1) : sequence,
            isTransactional: isTransactional
        )
        let base = try log.append(CheckedBatch(bytes: bytes, header: .init(decoding: bytes)), leaderEpoch: 0)
        if producer > 0 { model.sequences[producer] = sequence + Int32(records.count) }
        let seen = records.enumerated().map { index, record in
            Seen(offset: base + Int64(index), key: record.key ?? "", value: record.value, timestamp: now)
        }
        if isTransactional { model.open[producer, default: []] += seen } else { model.committed += seen }
    }

    private func end(in log: PartitionLog, _ model: inout Model, now: Int64, _ dice: inout Dice) throws {
        guard let producer = model.open.keys.sorted().randomElement(using: &dice) else { return }
        let commits = Bool.random(using: &dice)
        let marker = ControlBatch(
            commits ? .commit : .abort,
            producerID: producer,
            producerEpoch: 0,
            coordinatorEpoch: 0,
            timestamp: now
        )
        try log.append(marker, leaderEpoch: 0)
        let records = model.open.removeValue(forKey: producer) ?? []
        if commits { model.committed += records }
    }

    /// What a reader of committed records gets.
    private func read(_ log: PartitionLog) throws -> [Seen] {
        var seen: [Seen] = []
        var offset = log.logStartOffset
        let end = log.lastStableOffset
        while offset < end {
            let bytes = try log.batches(from: offset, before: end, maximumBytes: 1000, atLeastOne: true)
            guard bytes.readableBytes > 0 else { break }
            let aborted = log.transactions.aborted(from: offset, to: end)
            var splitter = RecordBatchSplitter(bytes)
            while let batch = try splitter.next() {
                #expect(batch.header.lastOffset >= offset)
                offset = batch.header.lastOffset + 1
                let isAborted = aborted.contains {
                    $0.producerID == batch.header.producerID && batch.header.isTransactional
                        && $0.firstOffset <= batch.header.baseOffset && batch.header.baseOffset <= $0.lastOffset
                }
                guard !batch.header.isControl, !isAborted else { continue }
                for record in try batch.decompressedRecords() {
                    seen.append(
                        Seen(
                            offset: batch.header.offset(of: record),
                            key: record.key.map { String(buffer: $0) } ?? "none",
                            value: record.value.map { String(buffer: $0) },
                            timestamp: batch.header.timestamp(of: record)
                        )
                    )
                }
            }
        }
        return seen
    }

    private func check(_ log: PartitionLog, _ model: Model, now: Int64) throws {
        let seen = try read(log)
        let written = Dictionary(uniqueKeysWithValues: model.committed.map { ($0.offset, $0) })
        #expect(seen.map(\.offset) == seen.map(\.offset).sorted())
        for record in seen { #expect(written[record.offset] == record, "a record was changed, or made up") }
        // Whoever reads to the end knows the last value of each key.
        let end = log.lastStableOffset
        var (latest, read): ([String: Seen], [String: Seen]) = ([:], [:])
        for record in model.committed.sorted(by: { $0.offset < $1.offset }) where record.offset < end {
            latest[record.key] = record
        }
        for record in seen { read[record.key] = record }
        for (key, record) in latest {
            if record.value != nil || now - record.timestamp <= Self.deleteRetention {
                #expect(read[key] == record)
            } else {
                #expect(read[key]?.value == nil)
            }
        }
        // Before the mark no key stands twice.
        let old = seen.filter { $0.offset < log.compacted.end }.map(\.key)
        #expect(Set(old).count == old.count)
    }
}
