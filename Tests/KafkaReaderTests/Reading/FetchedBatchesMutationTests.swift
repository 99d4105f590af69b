// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import Mutation
import NIOCore
import Testing

@testable import KafkaReader

@Suite("Fetched batches that are damaged")
struct FetchedBatchesMutationTests {
    private static let trial = MutationTrial("fetched")

    @Test("they are refused or read, and reading goes on or ends; none traps or takes memory for a lie")
    func batches() async {
        let result = await #expect(processExitsWith: .success) { try Self.run() }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let samples = try [nil, Codec.gzip(), .snappy, .lz4(), .zstd()].map { codec in
            var bytes = try LogBatch.make(["a", "bc", "def"], at: 7, codec: codec, transactionOf: 3)
            bytes.writeImmutableBuffer(try LogBatch.marker(.abort, of: 3, at: 10))
            return Array(buffer: bytes)
        }
        let note = try trial.begin()
        var mutator = trial.mutator
        for (number, sample) in samples.enumerated() {
            for round in 0..<200 * MutationTrial.factor {
                note.trying("sample \(number), round \(round)")
                var records = ByteBuffer(bytes: mutator.mutate(sample))
                // Most changes are found by the checksum: let half of them pass it.
                if round.isMultiple(of: 2), records.readableBytes > LogBatch.recordsIndex {
                    LogBatch.change(&records) { _ in }
                }
                let data = FetchResponse.PartitionData(
                    abortedTransactions: [.init(producerID: 3, firstOffset: 7)],
                    records: records
                )
                let plan = ReadPlan.test(isolation: round % 4 < 2 ? .readCommitted : .readUncommitted) {
                    $0.batchBytes = 4 << 20
                }
                var batches = FetchedBatches(data, from: 7, to: round % 3 == 0 ? 9 : nil, plan)
                while let records = try? batches.next() {
                    guard !records.isEmpty, batches.nextOffset > 7 else { throw Stuck() }
                }
            }
        }
    }

    private struct Stuck: Error {}
}
