// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Receipts of `kafka-producer` beside what kcat finds in the topic.
@Suite("Interop: receipts and what kcat reads", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct ReceiptsInteropTests {
    @Test("partition, offset and timestamp of every record agree", arguments: InteropCodec.allCases, [true, false])
    func agree(codec: InteropCodec, isKeyed: Bool) async throws {
        let cluster = try await MockCluster(topics: ["t": 12])
        let broker = try await EmbeddedBrokerProcess(["--brokers", "3", "--partitions", "12"])
        for bootstrap in [cluster.bootstrap, broker.bootstrap] {
            let lines = RecordLines.random(1200, isKeyed: isKeyed, seed: 31)
            // Many small batches, some of which reach across reads and so across timestamps.
            let words =
                ["-b", bootstrap, "-t", "t", "-z", codec.rawValue, "--receipts", "-"] + (isKeyed ? ["-K\\t"] : [])
            let slices = stride(from: 0, to: lines.input.count, by: 7000).map { begin in
                Array(lines.input[begin..<min(lines.input.count, begin + 7000)])
            }
            let finished = try await KafkaProducerBinary.run(words, input: .slices(slices))
            #expect(finished.status == 0, "\(finished)")
            let receipts = try Receipt.all(in: finished.outputText)
            #expect(receipts.count == 1200)

            let read = try await Kcat.read("t", from: bootstrap)
            var stored: [[Int64]: StoredRecord] = [:]
            for record in read { stored[[Int64(record.partition ?? -1), record.offset ?? -1]] = record }
            var ends: [Int32: Int64] = [:]
            let wrong = try receipts.first { receipt in
                let offset = try #require(receipt.offset)
                let found = stored.removeValue(forKey: [Int64(receipt.partition), offset])
                let record = try #require(found)
                let isSame = record.content == lines.records[receipt.line - 1]
                // The mock cluster says always the same.
                let isThen = bootstrap == cluster.bootstrap || record.timestamp == receipt.timestamp
                let isNext = offset == ends[receipt.partition, default: -1] + 1
                ends[receipt.partition] = offset
                return !isSame || !isThen || !isNext
            }
            #expect(wrong == nil)
            #expect(stored.isEmpty)
        }
    }
}
