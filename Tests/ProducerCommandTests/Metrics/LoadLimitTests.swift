// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

@testable import ProducerCommand

@Suite("What limited a load")
struct LoadLimitTests {
    private func limit(
        elapsed: Double = 10,
        input: Double = 0,
        cpu: Double = 8,
        maxInFlight: Int = 5,
        _ change: (inout LoadProfile) -> Void = { _ in }
    ) -> LoadLimit? {
        var profile = LoadProfile()
        change(&profile)
        return LoadLimit(
            LoadLimit.Times(elapsed: elapsed, input: input, cpu: cpu, producer: profile, maxInFlight: maxInFlight)
        )
    }

    @Test("a load shorter than a second tells nothing")
    func short() {
        #expect(limit(elapsed: 0.9, input: 0.9) == nil)
    }

    @Test("a reader that waits for its input is limited by it, one that never waits by itself")
    func reader() {
        #expect(limit(input: 6) == .input)
        #expect(limit(input: 2) == .reader)
        // It had work all the time, and ran for less than half of it.
        #expect(limit(input: 2, cpu: 3) == .cores)
    }

    @Test("a reader that waits for memory: whoever has it is the limit")
    func waiting() {
        #expect(limit { $0.memoryWait = .seconds(8) } == .memory)
        #expect(
            limit {
                $0.memoryWait = .seconds(8)
                $0.inFlightFull = .seconds(7)
            } == .broker
        )
        #expect(
            limit(maxInFlight: 1) {
                $0.memoryWait = .seconds(8)
                $0.inFlightFull = .seconds(7)
            } == .inFlightLimit
        )
        #expect(
            limit {
                $0.memoryWait = .seconds(8)
                $0.inFlightFull = .seconds(1)
                $0.throttled = .seconds(6)
            } == .throttle
        )
        #expect(
            limit {
                $0.memoryWait = .seconds(8)
                $0.unreachable = .seconds(6)
            } == .unreachable
        )
    }

    @Test("busy workers are the limit before the broker is; idle ones are not")
    func codec() {
        #expect(
            limit {
                $0.memoryWait = .seconds(8)
                $0.workers = 2
                $0.codecBusy = .seconds(18)
                $0.inFlightFull = .seconds(5)
            } == .codec
        )
        #expect(
            limit {
                $0.memoryWait = .seconds(8)
                $0.workers = 2
                $0.codecBusy = .seconds(9)
                $0.inFlightFull = .seconds(5)
            } == .broker
        )
    }

    @Test("waiting for the answers to each record, or to the last ones, is waiting for the broker")
    func answers() {
        #expect(limit { $0.flushWait = .seconds(9) } == .broker)
    }

    @Test("the account ends with it")
    func summary() {
        let line = Summary(ledger: Ledger(), seconds: 2, limit: .codec).line
        #expect(line.hasSuffix("/s), limited by the codec's CPU"))
    }

    @Test("the figures behind it")
    func figures() {
        var profile = LoadProfile()
        profile.memoryWait = .milliseconds(1500)
        profile.workers = 2
        profile.codecBusy = .seconds(3)
        profile.throttled = .seconds(1)
        let times = LoadLimit.Times(elapsed: 2, input: 0.25, cpu: 0.5, producer: profile, maxInFlight: 5)
        #expect(
            times.description
                == "time in 2.00 s: CPU 0.50 s, input 0.25 s, buffer.memory 1.50 s, last answers 0.000 s, "
                + "2 codec workers busy 75%, all requests in flight 0.000 s, throttled 1.00 s"
        )
    }
}
