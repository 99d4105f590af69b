// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("Timeline of a load")
struct TimelineTests {
    @Test("each point is what happened since the one before")
    func points() {
        var timeline = Timeline()
        timeline.add(.init(time: 1, records: 10, bytes: 100, batches: 2, batchBytes: 60, requests: 1, requestBytes: 60))
        timeline.add(.init(time: 3, records: 30, bytes: 300, batches: 2, batchBytes: 60, requests: 1, requestBytes: 60))
        timeline.finish(
            .init(time: 4, records: 31, bytes: 310, batches: 3, batchBytes: 70, requests: 3, requestBytes: 70)
        )
        #expect(
            timeline.points == [
                .init(time: 1, recordsPerSecond: 10, bytesPerSecond: 100, batchSize: 30, requestSize: 60),
                .init(time: 3, recordsPerSecond: 10, bytesPerSecond: 100, batchSize: nil, requestSize: nil),
                .init(time: 4, recordsPerSecond: 1, bytesPerSecond: 10, batchSize: 10, requestSize: 5),
            ]
        )
    }

    @Test("a load of any length has a bounded number of points, evenly far from each other, and nothing is lost")
    func bounded() {
        var timeline = Timeline(limit: 20)
        for look in 1...100_000 { timeline.add(.init(time: Double(look) / 10, records: UInt64(look))) }
        timeline.finish(.init(time: 10_000.05, records: 100_001))
        let points = timeline.points
        #expect((8...21).contains(points.count))
        #expect(points.dropLast().allSatisfy { abs($0.recordsPerSecond - 10) < 0.000_001 })
        var time = 0.0
        let sent = points.reduce(0.0) { sum, point in
            defer { time = point.time }
            return sum + point.recordsPerSecond * (point.time - time)
        }
        #expect(abs(sent - 100_001) < 1)
    }

    @Test("a stub of a stretch at the end is joined with the one before")
    func stub() {
        var timeline = Timeline()
        for look in 1...3 { timeline.add(.init(time: Double(look), records: UInt64(look))) }
        timeline.finish(.init(time: 3.1, records: 4))
        #expect(timeline.points.map(\.time) == [1, 2, 3.1])
    }
}
