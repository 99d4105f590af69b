// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("The progress line")
struct ProgressMeterTests {
    @Test("rates are taken over the last seconds, and the time left follows from the size")
    func rates() {
        var meter = ProgressMeter(inputSize: 1000, window: 2)
        #expect(
            meter.line(.init(time: 1, acked: 1000, ackedBytes: 2_000_000, inFlight: 7, inputBytes: 100)).text
                == "1,000 records  2.0 MB  1,000/s  2.0 MB/s  7 in flight  10%  0:09 left"
        )
        #expect(
            meter.line(.init(time: 2, acked: 3000, ackedBytes: 4_000_000, inFlight: 0, inputBytes: 300)).text
                == "3,000 records  4.0 MB  2,000/s  2.0 MB/s  0 in flight  30%  0:04 left"
        )
        _ = meter.line(.init(time: 3, acked: 3000, ackedBytes: 4_000_000, inputBytes: 300))
        #expect(
            meter.line(.init(time: 4, acked: 3000, ackedBytes: 4_000_000, failed: 2, inputBytes: 300)).text
                == "3,000 records  4.0 MB  0/s  0 B/s  0 in flight  2 failed  30%"
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
        #expect(meter.line(sample).text == "7 records  0 B  2 in flight  waiting: no leader for orders-3")
    }

    @Test(
        "a narrow terminal loses rates and what is in flight before the percentage and the time left, and never digits",
        arguments: [
            (73, "1,234,567 records  2.0 MB  1,000/s  2.0 MB/s  7 in flight  10%  0:09 left"),
            (72, "1,234,567 records  2.0 MB  1,000/s  7 in flight  10%  0:09 left"),
            (55, "1,234,567 records  2.0 MB  7 in flight  10%  0:09 left"),
            (46, "1,234,567 records  2.0 MB  10%  0:09 left"),
            (35, "1,234,567 records  10%  0:09 left"),
            (30, "1,234,567 records  10%"),
            (20, "1,234,567 records"),
            (9, ""),
        ]
    )
    func narrow(columns: Int, expected: String) {
        var line = ProgressLine()
        line.append(.records, "1,234,567 records")
        line.append(.bytes, "2.0 MB")
        line.append(.rate, "1,000/s")
        line.append(.byteRate, "2.0 MB/s")
        line.append(.inFlight, "7 in flight")
        line.append(.percentage, "10%")
        line.append(.timeLeft, "0:09 left")
        #expect(line.text(columns: columns) == expected)
        #expect(line.text(columns: columns).count <= columns)
    }

    @Test(
        "what is waited for is cut behind a word",
        arguments: [
            (60, "7 records  2 in flight  waiting: no leader for orders-3"),
            (50, "7 records  waiting: no leader for orders-3"),
            (35, "7 records  waiting: no leader for …"), (27, "7 records  waiting: no …"), (12, "7 records"),
        ]
    )
    func narrowStall(columns: Int, expected: String) {
        var line = ProgressLine()
        line.append(.records, "7 records")
        line.append(.inFlight, "2 in flight")
        line.append(.stall, "waiting: no leader for orders-3")
        #expect(line.text(columns: columns) == expected)
    }

    @Test("without a known size there is no time left")
    func stream() {
        var meter = ProgressMeter(inputSize: nil)
        #expect(meter.line(.init(time: 0.5, acked: 1, inputBytes: 9)).text == "1 records  0 B  2/s  0 B/s  0 in flight")
    }
}
