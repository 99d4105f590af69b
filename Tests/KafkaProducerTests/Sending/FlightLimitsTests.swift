// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// How much may be unanswered at a time.
@Suite("FlightLimits")
struct FlightLimitsTests {
    private func limits(_ change: (inout ProducerConfiguration) -> Void = { _ in }) -> FlightLimits {
        var configuration = ProducerConfiguration(bootstrapServers: [])
        change(&configuration)
        return FlightLimits(configuration)
    }

    @Test("with no setting five batches of a partition may be unanswered, and more than five requests if each is large")
    func unset() {
        let limits = limits()
        #expect(limits.batchesPerPartition == 5)
        #expect(limits.requests(readyBytes: 100_000, inBatches: 1, .none) == 5)
        #expect(limits.requests(readyBytes: 600_000, inBatches: 30, .none) == .max)
        #expect(limits.requests(readyBytes: 600_000, inBatches: 600, .memory) == 5, "small batches rather grow")
        #expect(limits.requests(readyBytes: 100, inBatches: 1, .flush) == .max, "nothing more comes")
    }

    @Test("a number that was set holds as in Java", arguments: [1, 3, 5])
    func set(number: Int) {
        let limits = limits { $0.maxInFlightRequestsPerConnection = number }
        #expect(limits.batchesPerPartition == number)
        for hurry in [Hurry.none, .memory, .flush] {
            #expect(limits.requests(readyBytes: 1 << 30, inBatches: 1, hurry) == number)
        }
    }

    @Test("without idempotence nothing is lost by more batches of a partition in flight")
    func withoutIdempotence() {
        #expect(limits { $0.idempotence = .off }.batchesPerPartition == .max)
        #expect(
            limits {
                $0.idempotence = .off
                $0.maxInFlightRequestsPerConnection = 5
            }.batchesPerPartition == 5
        )
    }

    @Test("a setting of a file ends what is done without one, also at its default value")
    func merged() throws {
        let plain = try ProducerConfiguration(text: "")
        #expect(plain.growsBatches && plain.limitsRequestsByPartition)
        #expect(plain.sendBufferBytes == nil && plain.receiveBufferBytes == nil)
        let java = try ProducerConfiguration(
            text: """
                batch.size=16384
                max.in.flight.requests.per.connection=5
                send.buffer.bytes=131072
                receive.buffer.bytes=32768
                """
        )
        #expect(!java.growsBatches && !java.limitsRequestsByPartition)
        #expect(java.sendBufferBytes == 131_072 && java.receiveBufferBytes == 32_768)
        #expect(RecordAccumulator.Limits(java).largestBatch <= 16_384)
    }
}
