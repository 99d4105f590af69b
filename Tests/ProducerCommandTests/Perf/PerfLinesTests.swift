// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

/// The formats of kafka-producer-perf-test: "%d records sent, %.1f records/sec (%.2f MB/sec), %.1f ms avg latency,
/// %.1f ms max latency." for a window, and "%d records sent, %f records/sec (%.2f MB/sec), %.2f ms avg latency, %.2f ms
/// max latency, %d ms 50th, %d ms 95th, %d ms 99th, %d ms 99.9th." for the whole.
@Suite("Lines of perf")
struct PerfLinesTests {
    @Test("a window")
    func window() {
        var window = LatencyWindow()
        window.record(1500, count: 3)
        window.record(12_250, count: 1)
        window.add(bytes: 4 << 20)
        #expect(
            PerfLines.window(window, seconds: 2)
                == "4 records sent, 2.0 records/sec (2.00 MB/sec), 4.2 ms avg latency, 12.3 ms max latency."
        )
    }

    @Test("a window in which nothing was acknowledged")
    func emptyWindow() {
        #expect(
            PerfLines.window(LatencyWindow(), seconds: 5)
                == "0 records sent, 0.0 records/sec (0.00 MB/sec), 0.0 ms avg latency, 0.0 ms max latency."
        )
    }

    @Test("the whole load, and its steady state")
    func total() {
        var statistics = LatencyStatistics()
        for latency in 1...1000 { statistics.record(UInt64(latency) * 1000, count: 1) }
        statistics.add(bytes: 3 << 20)
        let rest =
            "records sent, 333.333333 records/sec (1.00 MB/sec), 500.50 ms avg latency, 1000.00 ms max latency, "
            + "500 ms 50th, 950 ms 95th, 990 ms 99th, 999 ms 99.9th."
        #expect(PerfLines.total(statistics, seconds: 3) == "1000 " + rest)
        #expect(PerfLines.total(statistics, seconds: 3, isSteady: true) == "1000 steady state " + rest)
    }

    @Test("nothing at all is zeros, not a division by zero")
    func nothing() {
        #expect(
            PerfLines.total(LatencyStatistics(), seconds: 0)
                == "0 records sent, 0.000000 records/sec (0.00 MB/sec), 0.00 ms avg latency, 0.00 ms max latency, "
                + "0 ms 50th, 0 ms 95th, 0 ms 99th, 0 ms 99.9th."
        )
    }

    @Test("a latency longer than an hour is the largest there is, and counts as an hour among percentiles")
    func endless() {
        var statistics = LatencyStatistics()
        statistics.record(7_200_000_000, count: 2)
        #expect(statistics.maximum == 7_200_000)
        #expect(statistics.percentile(50) > 3_590_000 && statistics.percentile(50) < 3_610_000)
    }
}
