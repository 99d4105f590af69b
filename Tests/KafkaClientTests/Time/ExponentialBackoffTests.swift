// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Waits between attempts (KIP-580).
@Suite("ExponentialBackoff")
struct ExponentialBackoffTests {
    private let backoff = ExponentialBackoff(initial: .milliseconds(100), maximum: .seconds(1))

    @Test(
        "waits double up to the maximum",
        arguments: [(0, 100), (1, 200), (2, 400), (3, 800), (4, 1000), (5, 1000), (Int.max, 1000)]
    )
    func doubling(failures: Int, milliseconds: Int) {
        #expect(backoff.wait(afterFailures: failures, random: 0) == .milliseconds(milliseconds))
    }

    @Test("jitter is a fifth to either side, and never beyond the maximum")
    func jitter() {
        for failures in 0..<10 {
            let low = backoff.wait(afterFailures: failures, random: -1)
            let high = backoff.wait(afterFailures: failures, random: 1)
            let nominal = Duration.milliseconds(100 << failures)
            let tolerance = Duration.microseconds(1)
            #expect(
                low <= min(nominal * 0.8, .seconds(1)) + tolerance && low + tolerance >= min(nominal * 0.8, .seconds(1))
            )
            #expect(
                high <= min(nominal * 1.2, .seconds(1)) + tolerance
                    && high + tolerance >= min(nominal * 1.2, .seconds(1))
            )
        }
    }

    @Test("real jitter stays within its bounds")
    func drawn() {
        for _ in 0..<1000 {
            let wait = backoff.wait(afterFailures: 1)
            #expect(wait >= .milliseconds(159) && wait <= .milliseconds(241))
        }
    }

    @Test("with a maximum below the first wait every wait is the maximum", arguments: [0, 1, 7])
    func constant(failures: Int) {
        let backoff = ExponentialBackoff(initial: .seconds(5), maximum: .seconds(2))
        #expect(backoff.wait(afterFailures: failures, random: 1) == .seconds(2))
    }

    @Test("a first wait of zero stays zero")
    func zero() {
        let backoff = ExponentialBackoff(initial: .zero, maximum: .seconds(1))
        #expect(backoff.wait(afterFailures: 30, random: 1) == .zero)
    }
}
