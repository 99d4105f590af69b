// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("Numbers for people")
struct NumberTextTests {
    @Test(
        "digits come in groups of three",
        arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (5_000_000, "5,000,000")]
    )
    func grouped(value: Int, expected: String) {
        #expect(NumberText.grouped(value) == expected)
        #expect(NumberText.grouped(Int.min) == "-9,223,372,036,854,775,808")
    }

    @Test(
        "bytes have decimal units",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
            (505_300_000, "505.3 MB"), (4_000_000_000, "4.0 GB"), (.max, "18446.7 PB"),
        ] as [(UInt64, String)]
    )
    func bytes(value: UInt64, expected: String) {
        #expect(NumberText.bytes(value) == expected)
    }

    @Test(
        "durations have as many digits as it takes to compare them",
        arguments: [(0.0123, "0.012"), (0.714, "0.71"), (9.999, "10.00"), (12.34, "12.3"), (345.6, "346")]
    )
    func seconds(value: Double, expected: String) {
        #expect(NumberText.seconds(value) == expected)
    }

    @Test(
        "a time left is a clock, rounded up",
        arguments: [(0, "0:00"), (0.1, "0:01"), (7, "0:07"), (61, "1:01"), (3600, "1:00:00"), (.infinity, "99:59:59")]
            as [(Double, String)]
    )
    func clock(value: Double, expected: String) {
        #expect(NumberText.clock(seconds: value) == expected)
    }

    @Test("a setting's duration is whole where it can be")
    func duration() {
        #expect(NumberText.duration(.milliseconds(300)) == "300 ms")
        #expect(NumberText.duration(.milliseconds(1500)) == "1.5 s")
        #expect(NumberText.duration(.seconds(120)) == "120 s")
    }

    @Test("a fixed number of digits is rounded and padded")
    func fixed() {
        #expect(NumberText.fixed(0.05, digits: 1) == "0.1")
        #expect(NumberText.fixed(1.005, digits: 3) == "1.005")
        #expect(NumberText.fixed(-0.01, digits: 1) == "0.0")
        #expect(NumberText.fixed(-12.34, digits: 1) == "-12.3")
        #expect(NumberText.fixed(.nan, digits: 1) == "0")
    }
}
