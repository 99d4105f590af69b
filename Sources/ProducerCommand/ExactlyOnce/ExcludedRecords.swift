// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Records that brokers refuse for good, and that a repeated transaction is sent without.
struct ExcludedRecords: Sendable {
    /// What comes next of a buffer.
    struct Part: Sendable {
        /// Where it ends in the buffer.
        var end: Int
        /// Why it is left out, if it is an excluded record.
        var fault: RecordFault?
    }

    /// Where they begin over all inputs, in their order.
    private let places: [UInt64]
    private let errors: [UInt64: ProducerError]

    /// Records by where they begin over all inputs, with what brokers have answered.
    init(_ errors: [UInt64: ProducerError]) {
        self.errors = errors
        places = errors.keys.sorted()
    }

    /// What comes next: records up to the next excluded one as far as the transaction has room, or that one alone.
    func part(
        of bytes: Span<UInt8>,
        at base: UInt64,
        _ splitter: RecordSplitter,
        _ cuts: TransactionCuts,
        _ room: TransactionCuts.Room
    ) -> Part {
        var room = room
        let place = splitter.end(from: base)
        guard let next = next(from: place) else { return Part(end: cuts.share(of: bytes, splitter, room)) }
        var probe = splitter
        guard splitter.skipped == nil else {
            return Part(end: probe.endOfSkipped(in: bytes) == nil ? bytes.count : probe.start)
        }
        guard next == place else {
            room.bytes = min(room.bytes, next - place)
            return Part(end: cuts.share(of: bytes, splitter, room))
        }
        let end = probe.next(in: bytes) == nil ? bytes.count : probe.start
        return Part(end: end, fault: errors[next].map { .notSent(.producer($0.code), $0.message) })
    }

    private func next(from place: UInt64) -> UInt64? {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low < places.count ? places[low] : nil
    }
}
