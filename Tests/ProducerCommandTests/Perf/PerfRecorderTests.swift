// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProducer
import KafkaProtocol
import KafkaRecords
import Testing

@testable import ProducerCommand

/// The observer of perf, told by a producer that sends to an embedded broker.
@Suite("Latencies of perf", .takesTurns, .timeLimit(.minutes(10)))
struct PerfRecorderTests {
    /// Sends records that were due at these microseconds of the clock, and returns what was recorded.
    private func state(
        due: (RunClock) -> [UInt64],
        warmup: UInt64 = 0
    ) async throws -> (PerfRecorder.State, before: UInt64) {
        let broker = try await EmbeddedBroker.started()
        let servers = PropertySource(name: "-b", key: "bootstrap.servers", value: broker.bootstrap)
        let configuration = try ProducerConfiguration(merging: [servers])
        let run = try Run(console: Console(verbosity: .quiet))
        let clock = run.clock
        let news = RunNews(run, reachability: Reachability(configuration))
        let recorder = PerfRecorder(news: news, warmup: warmup)
        let producer = try KafkaProducer(configuration: configuration, observer: recorder)
        let appender = try await producer.appender(topic: "t")
        let before = clock.microseconds
        for (ordinal, time) in due(clock).enumerated() {
            let outcome = appender.append(
                key: nil,
                value: [1, 2, 3].span,
                details: RecordDetails(timestamp: 0, tag: RecordTag(number: UInt64(ordinal), offset: time))
            )
            #expect(outcome == .appended)
        }
        try await producer.flush()
        await producer.close()
        await broker.stop()
        return (recorder.current, before)
    }

    @Test("latency counts from when a record was to be sent, however long before it was sent that was")
    func intended() async throws {
        let (state, before) = try await state(due: { _ in Array(repeating: 0, count: 10) })
        #expect(state.total.records == 10 && state.total.bytes == 30)
        #expect(state.ledger.acked == 10)
        #expect(state.total.average >= Double(before) / 1000)
        #expect(state.window.maximum == state.total.maximum)
        #expect(state.batches.records == 10)
    }

    @Test("a record that was due later has a shorter latency")
    func spread() async throws {
        let (state, _) = try await state(due: { clock in
            let now = clock.microseconds
            return [0, now]
        })
        #expect(state.total.percentile(50) < state.total.maximum)
    }

    @Test("the steady state begins with the first record after the warm-up, in the middle of a batch too")
    func steady() async throws {
        let (state, _) = try await state(due: { _ in [0, 0, 0, 5, 5, 5, 5] }, warmup: 2)
        #expect(state.total.records == 7 && state.steady.records == 5)
        #expect(state.steadyBegin == 0)
        #expect(state.steady.bytes == 15)
        let (late, _) = try await self.state(due: { _ in [0, 0, 0, 5, 5] }, warmup: 3)
        #expect(late.steadyBegin == 5 && late.steady.records == 2)
    }
}
