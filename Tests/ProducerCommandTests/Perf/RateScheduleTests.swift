// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("The schedule of a rate")
struct RateScheduleTests {
    @Test("without a rate everything is due at once")
    func unlimited() {
        let schedule = RateSchedule(rate: nil)
        #expect(schedule.recordsDue(at: 0) == .max)
        #expect(schedule.microseconds(ofRecord: 1_000_000) == 0)
    }

    @Test("records are due at even distances, the first at the beginning")
    func even() {
        let schedule = RateSchedule(rate: 1000)
        #expect((0..<4).map { schedule.microseconds(ofRecord: $0) } == [0, 1000, 2000, 3000])
        #expect(schedule.recordsDue(at: 0) == 1)
        #expect(schedule.recordsDue(at: 999) == 1)
        #expect(schedule.recordsDue(at: 1000) == 2)
    }

    @Test(
        "what is due and when it is due never contradict each other, whatever the rate",
        arguments: [0.1, 1, 3, 7, 333.33, 10_000, 123_456.7, 3_000_000]
    )
    func consistent(rate: Double) {
        let schedule = RateSchedule(rate: rate)
        for microseconds in [0, 1, 99, 100, 12_345, 1_000_000, 59_999_999, 3_600_000_000] as [UInt64] {
            let due = schedule.recordsDue(at: microseconds)
            #expect(due >= 1)
            #expect(schedule.microseconds(ofRecord: due - 1) <= microseconds)
            #expect(schedule.microseconds(ofRecord: due) > microseconds)
        }
    }

    @Test("after a stall all that should have been sent is due, at the times it should have been sent")
    func stall() {
        let schedule = RateSchedule(rate: 10_000)
        // Nothing was sent for a second: no time is lost, so latency counts the stall (no coordinated omission).
        #expect(schedule.recordsDue(at: 1_000_000) == 10_001)
        #expect(schedule.microseconds(ofRecord: 5000) == 500_000)
    }

    @Test("a pause lasts until the next record is due, and is never too short where records are due more often")
    func pauses() {
        let slow = RateSchedule(rate: 10)
        #expect(slow.pause(at: 0, sent: 1) == 100_000)
        #expect(slow.pause(at: 99_990, sent: 1) == 10)
        #expect(slow.pause(at: 100_000, sent: 1) == 0)
        let fast = RateSchedule(rate: 1_000_000)
        #expect(fast.pause(at: 10, sent: 11) == RateSchedule.shortestPause)
    }

    @Test("records that are due every 100 microseconds go one by one, though each sleep lasts 20 microseconds too long")
    func oneByOne() {
        let schedule = RateSchedule(rate: 10_000)
        var (now, sent, largest): (UInt64, UInt64, UInt64) = (0, 0, 0)
        while sent < 1000 {
            let due = schedule.recordsDue(at: now)
            largest = max(largest, due - sent)
            sent = due
            now += schedule.pause(at: now, sent: sent) + 20
        }
        #expect(largest == 1)
    }
}
