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
            LoadLimit.Times(
                elapsed: elapsed,
                input: input,
                cpu: cpu,
                producer: profile,
                maxInFlight: maxInFlight,
                batchesInFlight: maxInFlight
            )
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

    /// A load that waited for answers of a path, most of its time.
    private func overPath(
        maxInFlight: Int = 5,
        batchesInFlight: Int? = nil,
        growsBatches: Bool,
        batchSize: Int,
        partitions: Int = 1,
        _ change: (inout LoadProfile) -> Void = { _ in }
    ) -> String? {
        var profile = LoadProfile()
        profile.memoryWait = .seconds(9)
        profile.partitionsFull = .seconds(9)
        profile.shortestRoundTrip = .milliseconds(50)
        profile.meanRoundTrip = .milliseconds(55)
        profile.batchesSent = 1000
        profile.batchBytesSent = 1000 * batchSize
        profile.partitionsInFlight = partitions
        change(&profile)
        let times = LoadLimit.Times(
            elapsed: 10,
            input: 0,
            cpu: 0.5,
            producer: profile,
            maxInFlight: maxInFlight,
            batchesInFlight: batchesInFlight ?? maxInFlight,
            growsBatches: growsBatches
        )
        return LoadLimit(times)?.clause
    }

    @Test("a path that is not filled is named with what is in flight, and what would do")
    func path() {
        #expect(
            overPath(growsBatches: false, batchSize: 16_384)
                == "limited by 5 batches of 16 KiB in flight per partition over 50 ms: raise batch.size to 262144, "
                + "or leave it unset"
        )
        #expect(
            overPath(batchesInFlight: 32, growsBatches: true, batchSize: 1 << 20)
                == "limited by 32 batches of 1024 KiB in flight per partition over 50 ms: 2 partitions would do, "
                + "or compression (-z lz4)"
        )
        #expect(
            overPath(growsBatches: false, batchSize: 16_384, partitions: 4) { $0.inFlightFull = .seconds(10) }
                == "limited by 5 requests in flight per connection, with batches of 16 KiB, over 50 ms: raise batch.size "
                + "to 65536, or leave it unset"
        )
        #expect(
            overPath(maxInFlight: 1, growsBatches: true, batchSize: 1 << 20)
                == "limited by 1 batch of 1024 KiB in flight per partition over 50 ms: raise "
                + "max.in.flight.requests.per.connection, or leave it unset"
        )
    }

    @Test("answers that take much longer than the fastest one, or no time at all, are the broker's, not the path's")
    func notPath() {
        let slow = overPath(growsBatches: false, batchSize: 16_384) { $0.meanRoundTrip = .milliseconds(200) }
        #expect(slow == "limited by the broker")
        let near = overPath(growsBatches: false, batchSize: 16_384) {
            ($0.shortestRoundTrip, $0.meanRoundTrip) = (.microseconds(200), .microseconds(300))
        }
        #expect(near == "limited by the broker")
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
        let times = LoadLimit.Times(
            elapsed: 2,
            input: 0.25,
            cpu: 0.5,
            producer: profile,
            maxInFlight: 5,
            batchesInFlight: 5
        )
        #expect(
            times.description
                == "time in 2.00 s: CPU 0.50 s, input 0.25 s, buffer.memory 1.50 s, last answers 0.000 s, "
                + "2 codec workers busy 75%, all requests in flight 0.000 s, throttled 1.00 s"
        )
    }
}
