// SPDX-License-Identifier: Apache-2.0
import NIOCore
import RandomNumbers
import Testing

@testable import KafkaEmbeddedBroker

@Suite("A log that is cut off")
struct TruncationTests {
    /// What a log remembers, in a form that can be compared.
    private func memory(_ log: PartitionLog) -> String {
        let producers = log.producers.known.map { "\($0)" }.sorted()
        return "\(producers) \(log.transactions.aborted) \(log.lastStableOffset) \(log.logEndOffset) \(log.size)"
            + " \(log.maxTimestamp)"
    }

    @Test("it remembers what a log does that is read anew", arguments: UInt64(1)...20)
    func model(seed: UInt64) async throws {
        try await withTemporaryDirectory { directory in
            var random = SplitMix64(seed: seed)
            let options = PartitionLog.Options(directory: directory, segmentBytes: 900)
            var log = try PartitionLog(options: options, logger: .silent)
            var sequences: [Int64: Int32] = [:]
            for step in 0..<60 {
                let producer = Int64.random(in: 1...4, using: &random)
                switch Int.random(in: 0..<10, using: &random) {
                case 0:
                    try log.truncate(to: Int64.random(in: 0...log.logEndOffset, using: &random))
                    #expect(memory(log) == memory(try PartitionLog(options: options, logger: .silent)), "step \(step)")
                case 1: log = try PartitionLog(options: options, logger: .silent)
                case 2, 3:
                    let kind: ControlBatch.Kind = Bool.random(using: &random) ? .abort : .commit
                    let marker = ControlBatch(
                        kind,
                        producerID: producer,
                        producerEpoch: 0,
                        coordinatorEpoch: 0,
                        timestamp: TestBatch.time + Int64(step)
                    )
                    try log.append(marker, leaderEpoch: 0)
                default:
                    let count = Int32.random(in: 1...4, using: &random)
                    let sequence = sequences[producer, default: 0]
                    let batch = try TestBatch.keyed(
                        (0..<count).map { ("k\($0)", String(repeating: "x", count: 40)) },
                        timestamp: TestBatch.time + Int64.random(in: 0..<1000, using: &random),
                        producer: ProducerIdentity(producer, 0),
                        sequence: sequence,
                        isTransactional: producer > 2
                    )
                    _ = try log.append(try TestBatch.checked(batch), leaderEpoch: 0)
                    sequences[producer] = sequence + count
                }
            }
        }
    }

    @Test("what is read for it does not grow with the log")
    func bytesRead() async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            var options = PartitionLog.Options(directory: directory, segmentBytes: 100_000)
            options.disk = recorder.disk
            let log = try PartitionLog(options: options, logger: .silent)
            let batch = try TestBatch.checked(TestBatch.make([String(repeating: "x", count: 1000)]))
            for _ in 0..<1000 { _ = try log.append(batch, leaderEpoch: 0) }
            _ = recorder.takeBytesRead()
            try log.truncate(to: 999)
            #expect(log.logEndOffset == 999)
            #expect(recorder.takeBytesRead() < 2 * 100_000)
        }
    }
}
