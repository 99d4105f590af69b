// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("A load at the pace of its records")
struct PaceScheduleTests {
    private func schedule(_ speed: String) throws -> PaceSchedule { PaceSchedule(try Pace(speed)) }

    @Test(
        "records go as far apart as their timestamps are, divided by the speed",
        arguments: [("1x", 10.0), ("2x", 5.0), ("0.5x", 20.0), ("1000x", 0.01)]
    )
    func apart(speed: String, expected: Double) throws {
        var schedule = try schedule(speed)
        #expect(schedule.wait(for: 1_000_000, at: 100) == 0)
        #expect(abs(schedule.wait(for: 1_010_000, at: 100) - expected) < 1e-6)
        #expect(abs(schedule.wait(for: 1_010_000, at: 100 + expected / 2) - expected / 2) < 1e-6)
        #expect(schedule.wait(for: 1_010_000, at: 100.001 + expected) == 0)
    }

    @Test("what is earlier, or has no time, goes at once; what is late is caught up with")
    func odd() throws {
        var schedule = try schedule("1x")
        #expect(schedule.wait(for: nil, at: 0) == 0)
        #expect(schedule.wait(for: 5000, at: 10) == 0)
        #expect(schedule.wait(for: 4000, at: 10) == 0)
        #expect(schedule.wait(for: nil, at: 10) == 0)
        #expect(schedule.wait(for: 6000, at: 20) == 0)
        // Ten seconds behind, and nine of the pause are used up.
        #expect(abs(schedule.wait(for: 16_000, at: 20) - 1) < 1e-6)
        #expect(schedule.wait(for: .min, at: 20) == 0)
        #expect(schedule.wait(for: .max, at: 20) > 1e9)
    }

    @Test("a pace that is none is refused", arguments: ["", "x", "1", "0x", "-1x", "infx", "nanx", "1 x", "1e9x"])
    func refused(text: String) {
        #expect(throws: UsageError.self) { try Pace(text) }
    }
}
