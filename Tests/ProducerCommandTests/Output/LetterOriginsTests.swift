// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization
import Testing

@testable import ProducerCommand

/// Where dead letters that are sent again came from at first.
@Suite("Origins of dead letters")
struct LetterOriginsTests {
    private func append(_ line: UInt64, to origins: LetterOrigins) {
        origins.append(
            LetterOrigins.Letter(
                line: line,
                input: origins.number(ofInput: line % 2 == 0 ? "even" : "odd"),
                record: line * 10,
                offset: line * 100,
                hasTimestamp: line % 2 == 0
            )
        )
    }

    @Test("a line's origin is known until all lines before it and with it are settled")
    func known() {
        let origins = LetterOrigins()
        // The line 1 has no record.
        for line in [0, 2, 3] as [UInt64] { append(line, to: origins) }
        origins.read(to: 4, records: 3)
        #expect(origins.origins(ofLines: [2, 1, 3]).map { $0?.place?.line } == [20, nil, 30])
        #expect(origins.origins(ofLines: [2, 3]).map { $0?.place?.input } == ["even", "odd"])
        origins.settled(count: 2) { [2, 3][$0] }
        #expect(origins.origins(ofLines: [0]).first??.place?.offset == 0)
        #expect(origins.count == 3)
        origins.settled(count: 1) { _ in 0 }
        #expect(origins.count == 0)
        #expect(origins.origins(ofLines: [0, 2]).allSatisfy { $0 == nil })
    }

    @Test("many lines are forgotten as they are settled, whichever batch comes first")
    func forgotten() {
        let origins = LetterOrigins()
        for piece in 0..<100 as Range<UInt64> {
            for line in piece * 1000..<piece * 1000 + 1000 { append(line, to: origins) }
            origins.read(to: piece * 1000 + 1000, records: 1000)
            origins.settled(count: 500) { piece * 1000 + UInt64($0) * 2 + 1 }
            #expect(origins.origins(ofLines: [piece * 1000 + 999]).first??.place?.line == piece * 10_000 + 9_990)
            origins.settled(count: 500) { piece * 1000 + UInt64($0) * 2 }
            #expect(origins.count == 0)
        }
    }

    @Test("the reading thread waits while too many lines are remembered, and goes on when they are settled")
    func room() async {
        let origins = LetterOrigins(limit: 2)
        for line in 0..<3 as Range<UInt64> { append(line, to: origins) }
        origins.read(to: 3, records: 3)
        let settled = Mutex(false)
        async let waited = BlockingThread.run {
            origins.waitForRoom()
            return settled.withLock { $0 }
        }
        settled.withLock { $0 = true }
        origins.settled(count: 3) { UInt64($0) }
        #expect(await waited)
    }
}
