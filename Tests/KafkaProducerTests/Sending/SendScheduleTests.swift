// SPDX-License-Identifier: Apache-2.0
import NIOCore
import RandomNumbers
import Testing

@testable import KafkaProducer

/// Which partitions have something to send, and when.
@Suite("SendSchedule")
struct SendScheduleTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func ready(_ node: Int32, bytes: Int = 100, isClosed: Bool = false) -> SendSchedule.Standing {
        .ready(node: node, bytes: bytes, isClosed: isClosed)
    }

    @Test("what is ready for a broker is taken in the order of becoming ready, closed batches first")
    func order() {
        var schedule = SendSchedule()
        for place in [3, 1, 2] { schedule.set(ready(7), of: place) }
        schedule.set(ready(7, isClosed: true), of: 4)
        schedule.set(ready(8), of: 5)
        #expect(schedule.ready(node: 7) == (400, 4))
        var taken: [Int] = []
        while let place = schedule.takeReady(node: 7) { taken.append(place) }
        #expect(taken == [4, 3, 1, 2])
        #expect(!schedule.isReady(node: 7) && schedule.isReady(node: 8))
        var index = 0
        #expect(schedule.nextReadyNode(&index) == 8)
        #expect(schedule.nextReadyNode(&index) == nil)
    }

    @Test("a partition whose batch grows keeps its place in the line")
    func keepsPlace() {
        var schedule = SendSchedule()
        schedule.set(ready(7, bytes: 10), of: 0)
        schedule.set(ready(7, bytes: 20), of: 1)
        schedule.set(ready(7, bytes: 50), of: 0)
        #expect(schedule.ready(node: 7) == (70, 2))
        #expect(schedule.takeReady(node: 7) == 0)
    }

    @Test("a partition that has got another leader is not ready for the former one")
    func moved() {
        var schedule = SendSchedule()
        schedule.set(ready(7), of: 0)
        schedule.set(ready(8), of: 0)
        #expect(schedule.takeReady(node: 7) == nil && schedule.ready(node: 7) == (0, 0))
        #expect(schedule.takeReady(node: 8) == 0)
    }

    @Test("time comes for what lingers and what backs off; in a hurry at once for what lingers")
    func time() {
        var schedule = SendSchedule()
        schedule.set(.lingers(node: 7, until: start + .milliseconds(5)), of: 0)
        schedule.set(.lingers(node: 7, until: start + .milliseconds(6)), of: 1)
        schedule.set(.backsOff(until: start + .milliseconds(3)), of: 2)
        #expect(schedule.nextTime == start + .milliseconds(3))
        var due: [Int] = []
        schedule.takeDue(now: start, isUrgent: false, into: &due)
        #expect(due.isEmpty)
        schedule.takeDue(now: start + .milliseconds(5), isUrgent: false, into: &due)
        #expect(due == [2] && schedule.ready(node: 7).batches == 1)
        #expect(schedule.takeReady(node: 7) == 0)
        schedule.set(.backsOff(until: start + .milliseconds(9)), of: 2)
        due = []
        schedule.takeDue(now: start + .milliseconds(5), isUrgent: true, into: &due)
        #expect(due.isEmpty && schedule.takeReady(node: 7) == 1)
        #expect(schedule.nextTime == start + .milliseconds(9))
    }

    @Test("what lingers may ride along, the oldest first")
    func ridesAlong() {
        var schedule = SendSchedule()
        for place in 0..<3 { schedule.set(.lingers(node: 7, until: start + .milliseconds(Int64(place))), of: place) }
        schedule.set(.idle, of: 1)
        #expect(schedule.takeLingering(node: 7) == 0)
        #expect(schedule.takeLingering(node: 7) == 2)
        #expect(schedule.takeLingering(node: 7) == nil && schedule.nextTime == nil)
    }

    /// What a schedule is to say, by looking at every partition.
    private struct Model {
        var standings = [SendSchedule.Standing](repeating: .idle, count: 20)

        func ready(_ node: Int32) -> (bytes: Int, batches: Int) {
            standings.reduce(into: (0, 0)) { sum, standing in
                if case .ready(node, let bytes, _) = standing { sum = (sum.0 + bytes, sum.1 + 1) }
            }
        }

        mutating func takeDue(_ now: NIODeadline, isUrgent: Bool) -> Set<Int> {
            var due: Set<Int> = []
            for place in standings.indices {
                switch standings[place] {
                case .lingers(let node, let until) where isUrgent || until <= now:
                    standings[place] = .ready(node: node, bytes: 0, isClosed: false)
                case .backsOff(let until) where until <= now:
                    standings[place] = .idle
                    due.insert(place)
                default: break
                }
            }
            return due
        }

        var nextTime: NIODeadline? {
            standings.compactMap { standing in
                switch standing {
                case .lingers(_, let until), .backsOff(let until): until
                default: nil
                }
            }.min()
        }
    }

    @Test("it says what a look at every partition would say, after any changes", arguments: 0..<50)
    func model(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var schedule = SendSchedule()
        var model = Model()
        var now = start
        for _ in 0..<2000 {
            let place = Int.random(in: 0..<20, using: &random)
            let node = Int32.random(in: 1...3, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                let standing: SendSchedule.Standing =
                    switch Int.random(in: 0..<6, using: &random) {
                    case 0: .idle
                    case 1: .lingers(node: node, until: now + .milliseconds(5))
                    case 2:
                        .ready(node: node, bytes: .random(in: 1...9, using: &random), isClosed: .random(using: &random))
                    case 3: .backsOff(until: now + .milliseconds(.random(in: 1...9, using: &random)))
                    case 4: .awaitsAnswer
                    default: .hasNoLeader
                    }
                schedule.set(standing, of: place)
                model.standings[place] = standing
            case 6:
                if let taken = schedule.takeReady(node: node) {
                    guard case .ready(node, _, _) = model.standings[taken] else {
                        return #expect(Bool(false), "\(taken)")
                    }
                    model.standings[taken] = .idle
                } else {
                    #expect(model.ready(node) == (0, 0))
                }
            case 7:
                if let taken = schedule.takeLingering(node: node) {
                    guard case .lingers(node, _) = model.standings[taken] else {
                        return #expect(Bool(false), "\(taken)")
                    }
                    model.standings[taken] = .idle
                }
            default:
                now = now + .milliseconds(1)
                let isUrgent = Int.random(in: 0..<10, using: &random) == 0
                var due: [Int] = []
                schedule.takeDue(now: now, isUrgent: isUrgent, into: &due)
                #expect(Set(due) == model.takeDue(now, isUrgent: isUrgent) && Set(due).count == due.count)
            }
            for node in Int32(1)...3 { #expect(schedule.ready(node: node) == model.ready(node)) }
            #expect(schedule.awaitingAnswers == model.standings.count { $0 == .awaitsAnswer })
            #expect(schedule.leaderless == model.standings.count { $0 == .hasNoLeader })
            // An entry that was passed over may still be the first one: then the timer is early, never late.
            if let next = model.nextTime {
                #expect(schedule.nextTime.map { $0 <= next } == true)
            }
        }
    }

    @Test("what was full long before its time does not pile up")
    func pilesNothingUp() {
        var schedule = SendSchedule()
        for round in 0..<10_000 {
            schedule.set(.lingers(node: 1, until: start + .hours(1) + .nanoseconds(Int64(round))), of: 0)
            schedule.set(ready(1), of: 0)
            #expect(schedule.takeReady(node: 1) == 0)
        }
        #expect(schedule.entryCount < 200)
    }
}
