// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import KafkaRecords
import Testing

@testable import KafkaProducer

/// Partitions with more batches unanswered than a broker remembers of a producer, as a long path wants them.
@Suite("Long paths", .timeLimit(.minutes(10)))
struct LongPathTests {
    /// Three of them fill a batch that may grow to a mebibyte.
    private let values = (0..<36).map { "\($0) " + String(repeating: "x", count: 300_000) }

    /// Has a first record stored and twelve batches unanswered, does something about these, and waits for all.
    private func afterTwelveUnanswered(
        _ action: (ScriptedBroker) -> Void,
        expect: (ScriptedBroker, RecordingObserver) -> Void
    ) async throws {
        var script = BrokerScript()
        script.checksSequences = true
        script.produce = { $0.ordinal <= 12 ? .hold : .append() }
        try await withScriptedBroker(script) { broker, producer, observer in
            try await producer.enqueue(.text("first", partition: 0))
            try await broker.wait(forHeld: 1)
            for value in values { try await producer.enqueue(.text(value, partition: 0)) }
            broker.answerHeld()
            async let flush: Void = producer.flush()
            try await broker.wait(forCalls: 13)
            action(broker)
            try await flush
            expectAllStored(broker, producer, observer)
            expect(broker, observer)
        }
    }

    /// What each record was told, and what is in the log, is the same.
    private func expectAllStored(_ broker: ScriptedBroker, _ producer: KafkaProducer, _ observer: RecordingObserver) {
        #expect(broker.values() == ["first"] + values)
        #expect(observer.reports.flatMap(\.values).sorted() == (["first"] + values).sorted())
        #expect(producer.statistics.recordsAcked == 37 && producer.statistics.recordsFailed == 0)
        #expect(broker.log.allSatisfy { $0.header.producerEpoch == 0 }, "nothing was numbered anew")
        #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
    }

    @Test("large batches do not wait for the answers to five before them")
    func manyUnanswered() async throws {
        try await afterTwelveUnanswered { broker in
            #expect(broker.calls.allSatisfy { $0.connection == 0 })
            broker.answerHeld()
        } expect: { broker, _ in
            #expect(broker.calls.count == 13, "each was sent once")
        }
    }

    @Test("small ones do, and those of a producer whose number in flight was set", arguments: [true, false])
    func fiveUnanswered(isSmall: Bool) async throws {
        var script = BrokerScript()
        script.checksSequences = true
        script.produce = { (1...5).contains($0.ordinal) ? .hold : .append() }
        let change: (inout ProducerConfiguration) -> Void = { configuration in
            if isSmall {
                configuration.batchSize = 1000
                configuration.limitsRequestsByPartition = true
            } else {
                configuration.maxInFlightRequestsPerConnection = 5
            }
        }
        try await withScriptedBroker(script, configure: change) { broker, producer, _ in
            _ = try await producer.send(.text("first", partition: 0))
            let values = isSmall ? values.map { String($0.prefix(900)) } : values
            for value in values { try await producer.enqueue(.text(value, partition: 0)) }
            try await broker.wait(forHeld: 5)
            broker.answerHeld()
            try await producer.flush()
            #expect(broker.values() == ["first"] + values)
            #expect(broker.calls.count > 6 && broker.calls.dropFirst(6).allSatisfy { $0.held == 0 })
        }
    }

    /// The broker remembers the last five of those that it has stored: it refuses an older one like one behind a gap.
    @Test("what a lost connection leaves open is found out, nothing is stored twice", arguments: 0...12)
    func lostConnection(stored: Int) async throws {
        try await afterTwelveUnanswered { broker in
            broker.answerHeld(.appendAndClose, first: stored)
            broker.dropHeld()
        } expect: { _, observer in
            let unknown = observer.reports.count { $0.outcome == .delivered(baseOffset: nil, logAppendTime: nil) }
            // Of those that the broker has forgotten it is known that they are stored, not where.
            #expect(unknown == (stored < 2 ? 0 : stored < 7 ? 2 : 7))
        }
    }
}
