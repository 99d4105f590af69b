// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("The progress line")
struct ProgressMeterTests {
    @Test("rates are taken over the last seconds, and the time left follows from the size")
    func rates() {
        var meter = ProgressMeter(inputSize: 1000, window: 2)
        #expect(
            meter.text(.init(time: 1, acked: 1000, ackedBytes: 2_000_000, inFlight: 7, inputBytes: 100))
                == "1,000 records  2.0 MB  1,000/s  2.0 MB/s  7 in flight  10%  0:09 left"
        )
        #expect(
            meter.text(.init(time: 2, acked: 3000, ackedBytes: 4_000_000, inFlight: 0, inputBytes: 300))
                == "3,000 records  4.0 MB  2,000/s  2.0 MB/s  0 in flight  30%  0:04 left"
        )
        _ = meter.text(.init(time: 3, acked: 3000, ackedBytes: 4_000_000, inputBytes: 300))
        #expect(
            meter.text(.init(time: 4, acked: 3000, ackedBytes: 4_000_000, failed: 2, inputBytes: 300))
                == "3,000 records  4.0 MB  0/s  0.0 MB/s  0 in flight  2 failed  30%"
        )
    }

    @Test("when nothing moves it says what is waited for, in place of rates that are 0")
    func stall() {
        var meter = ProgressMeter(inputSize: 1000)
        let sample = ProgressMeter.Sample(
            time: 3,
            acked: 7,
            inFlight: 2,
            inputBytes: 500,
            stall: "no leader for orders-3"
        )
        #expect(meter.text(sample) == "7 records  0 B  2 in flight  waiting: no leader for orders-3")
    }

    @Test("without a known size there is no time left")
    func stream() {
        var meter = ProgressMeter(inputSize: nil)
        #expect(meter.text(.init(time: 0.5, acked: 1, inputBytes: 9)) == "1 records  0 B  2/s  0.0 MB/s  0 in flight")
    }
}
