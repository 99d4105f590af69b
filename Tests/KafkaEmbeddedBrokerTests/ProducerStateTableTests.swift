// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaEmbeddedBroker

@Suite("What a partition remembers of its producers")
struct ProducerStateTableTests {
    typealias Sequence = ProducerStateTable.Sequence
    typealias Verdict = ProducerStateTable.Verdict

    /// A table in which producer 7 with epoch 3 has appended these sequence ranges, with offsets from 100 on.
    private static func table(appended ranges: [(Int32, Int32)]) -> ProducerStateTable {
        var table = ProducerStateTable()
        var offset: Int64 = 100
        for (first, last) in ranges {
            let batch = Sequence(producerID: 7, epoch: 3, first: first, last: last)
            table.appended(batch, baseOffset: offset, timestamp: offset * 10)
            offset += Int64(last &- first) & 0x7FFF_FFFF + 1
        }
        return table
    }

    @Test("an unknown producer may begin at any sequence", arguments: [0, 1, 17, Int32.max])
    func unknownProducer(first: Int32) {
        let batch = Sequence(producerID: 1, epoch: 5, first: first, last: first)
        #expect(ProducerStateTable().verdict(on: batch) == .append)
    }

    @Test(
        "within an epoch a batch follows the last one",
        arguments: [
            (5, 9, Verdict.append),
            (6, 9, .outOfOrder(expected: 5)),
            (4, 9, .outOfOrder(expected: 5)),
            (0, 4, .duplicate(baseOffset: 100, timestamp: 1000)),
            (0, 3, .outOfOrder(expected: 5)),
            (1, 4, .outOfOrder(expected: 5)),
        ] as [(Int32, Int32, Verdict)]
    )
    func following(first: Int32, last: Int32, expected: Verdict) {
        let batch = Sequence(producerID: 7, epoch: 3, first: first, last: last)
        #expect(Self.table(appended: [(0, 4)]).verdict(on: batch) == expected)
    }

    @Test(
        "each of the last five batches is known by its offset, and earlier ones as written",
        arguments: [
            (0, Verdict.writtenBefore),
            (1, .writtenBefore),
            (2, .duplicate(baseOffset: 102, timestamp: 1020)),
            (6, .duplicate(baseOffset: 106, timestamp: 1060)),
            (7, .append),
            (8, .outOfOrder(expected: 7)),
        ] as [(Int32, Verdict)]
    )
    func lastFive(sequence: Int32, expected: Verdict) {
        let table = Self.table(appended: (0..<7).map { ($0, $0) })
        #expect(table.verdict(on: Sequence(producerID: 7, epoch: 3, first: sequence, last: sequence)) == expected)
    }

    @Test(
        "an older epoch is fenced off and a newer one begins at 0",
        arguments: [
            (2, 5, Verdict.staleEpoch(current: 3)),
            (2, 0, .staleEpoch(current: 3)),
            (4, 0, .append),
            (4, 5, .outOfOrder(expected: 0)),
            (9, 1, .outOfOrder(expected: 0)),
        ] as [(Int16, Int32, Verdict)]
    )
    func epochs(epoch: Int16, first: Int32, expected: Verdict) {
        let batch = Sequence(producerID: 7, epoch: epoch, first: first, last: first)
        #expect(Self.table(appended: [(0, 4)]).verdict(on: batch) == expected)
    }

    @Test("a new epoch forgets the batches of the one before")
    func newEpoch() {
        var table = Self.table(appended: [(0, 4), (5, 9)])
        table.appended(Sequence(producerID: 7, epoch: 4, first: 0, last: 4), baseOffset: 110, timestamp: 9)
        #expect(
            table.verdict(on: Sequence(producerID: 7, epoch: 4, first: 0, last: 4))
                == .duplicate(baseOffset: 110, timestamp: 9)
        )
        #expect(
            table.verdict(on: Sequence(producerID: 7, epoch: 4, first: 5, last: 9)) == .append
        )
        #expect(
            table.verdict(on: Sequence(producerID: 7, epoch: 3, first: 10, last: 14)) == .staleEpoch(current: 4)
        )
    }

    @Test(
        "after 2147483647 comes 0",
        arguments: [
            ([(Int32.max - 1, Int32.max)], 0, 3, Verdict.append),
            ([(Int32.max - 1, Int32.max)], 1, 3, .outOfOrder(expected: 0)),
            ([(Int32.max - 1, 1)], 2, 3, .append),
            ([(Int32.max - 1, 1)], Int32.max - 1, 1, .duplicate(baseOffset: 100, timestamp: 1000)),
            (
                [(Int32.max - 2, Int32.max), (0, 0), (1, 1), (2, 2), (3, 3), (4, 4)], Int32.max - 2, Int32.max,
                .writtenBefore
            ),
        ] as [([(Int32, Int32)], Int32, Int32, Verdict)]
    )
    func wrapping(appended: [(Int32, Int32)], first: Int32, last: Int32, expected: Verdict) {
        let batch = Sequence(producerID: 7, epoch: 3, first: first, last: last)
        #expect(Self.table(appended: appended).verdict(on: batch) == expected)
    }

    @Test("producers do not know of each other")
    func producersApart() {
        let table = Self.table(appended: [(0, 4)])
        #expect(table.verdict(on: Sequence(producerID: 8, epoch: 0, first: 0, last: 4)) == .append)
        #expect(table.largestProducerID == 7)
        #expect(table.count == 1)
    }

    @Test("a forgotten producer may go on anywhere")
    func forgetting() {
        var table = Self.table(appended: [(0, 4)])
        table.forget(producerID: 7)
        #expect(table.verdict(on: Sequence(producerID: 7, epoch: 3, first: 50, last: 60)) == .append)
    }
}
