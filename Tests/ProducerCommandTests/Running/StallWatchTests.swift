// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

/// When a person is told that nothing moves.
@Suite("Stall watch")
struct StallWatchTests {
    /// The lines of a stall that begins at 0, observed five times a second; what is waited for depends on the time.
    private func lines(until end: Double, _ reason: (Double) -> String) -> [(time: Double, line: String)] {
        var watch = StallWatch()
        var lines: [(Double, String)] = []
        for tick in 0...Int(end * 5) {
            let time = Double(tick) / 5
            let line = watch.observe(progress: 7, isWaiting: true, reasons: [reason(time)], at: time)
            if let line { lines.append((time, line)) }
        }
        return lines
    }

    @Test("the first line comes within two seconds, the same one again after growing intervals")
    func intervals() {
        let lines = lines(until: 100) { _ in "no leader for orders-3" }
        #expect(lines.first.map { $0.time <= 2 && $0.line.hasSuffix("waiting: no leader for orders-3") } == true)
        #expect(lines.count == 4)
        #expect(lines[1].time - lines[0].time >= 10)
        #expect(lines[2].time - lines[1].time >= 20)
    }

    @Test("another reason is told soon, and reasons that flap do not flood")
    func changes() {
        let once = lines(until: 9) { $0 < 5 ? "a" : "b" }
        #expect(once.map(\.line).last?.hasSuffix("waiting: b") == true)
        #expect(once.count == 2)
        #expect(lines(until: 60) { "attempt \(Int($0))" }.count < 8)
    }

    @Test("going on is told once, and only when the stall was")
    func goingOn() {
        var watch = StallWatch()
        _ = watch.observe(progress: 1, isWaiting: true, reasons: ["x"], at: 0)
        #expect(watch.observe(progress: 2, isWaiting: true, reasons: ["x"], at: 1) == nil)
        #expect(watch.observe(progress: 2, isWaiting: true, reasons: ["x"], at: 3) != nil)
        #expect(watch.observe(progress: 3, isWaiting: true, reasons: ["x"], at: 4) == "going on after 3.00 s")
        #expect(watch.observe(progress: 4, isWaiting: true, reasons: ["x"], at: 4.2) == nil)
    }

    @Test("with nothing under way, or no reason, nothing is said")
    func idle() {
        var watch = StallWatch()
        for time in 0..<30 {
            #expect(watch.observe(progress: 1, isWaiting: false, reasons: [], at: Double(time)) == nil)
        }
        for time in 30..<60 {
            #expect(watch.observe(progress: 1, isWaiting: true, reasons: [], at: Double(time)) == nil)
        }
    }
}
