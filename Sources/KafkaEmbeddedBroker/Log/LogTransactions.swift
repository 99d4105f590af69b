// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

/// The transactions in one partition: those that are open, and those that were aborted. It is made from the batches, in
/// their order, and so comes back when a log is read (KIP-98).
struct LogTransactions {
    /// A transaction whose records readers of committed records pass over.
    struct Aborted: Hashable {
        var producerID: Int64
        /// Offset of its first record.
        var firstOffset: Int64
        /// Offset of its marker.
        var lastOffset: Int64
        /// The last stable offset behind the marker.
        var stableOffset: Int64
    }

    private struct Open {
        var epoch: Int16
        var firstOffset: Int64
    }

    private var open: [Int64: Open] = [:]
    /// Those that ended, as long as some replica in sync does not have their markers.
    private var unconfirmed: [(firstOffset: Int64, lastOffset: Int64)] = []
    /// By rising last offset.
    private(set) var aborted: [Aborted] = []

    /// The offset that readers of committed records do not reach: that of the first record of the first open transaction,
    /// or `end`, behind which replicas in sync do not have all: a transaction whose marker is there counts as open.
    func stableOffset(end: Int64) -> Int64 {
        let stable = open.values.reduce(end) { min($0, $1.firstOffset) }
        return unconfirmed.reduce(stable) { $1.lastOffset >= end ? min($0, $1.firstOffset) : $0 }
    }

    /// Takes note that all replicas in sync have what is before an offset.
    mutating func confirm(before offset: Int64) {
        guard !unconfirmed.isEmpty else { return }
        unconfirmed.removeAll { $0.lastOffset < offset }
    }

    /// Whether a producer has a transaction here that no marker ended.
    func isOpen(producerID: Int64) -> Bool { open[producerID] != nil }

    /// Whether a producer has a transaction of this epoch here that no marker ended.
    func isOpen(producerID: Int64, epoch: Int16) -> Bool { open[producerID]?.epoch == epoch }

    /// Where a producer's open transaction begins; nil for none.
    func firstOffset(of producerID: Int64) -> Int64? { open[producerID]?.firstOffset }

    /// Takes note of a batch of data.
    mutating func appended(_ header: RecordBatchHeader, baseOffset: Int64) {
        // A batch of which compaction has left nothing only keeps its producer's sequence.
        guard header.isTransactional, !header.isControl, header.recordCount > 0, open[header.producerID] == nil else {
            return
        }
        open[header.producerID] = Open(epoch: header.producerEpoch, firstOffset: baseOffset)
    }

    /// Takes note of a marker. One of a producer that has written nothing here changes nothing.
    mutating func ended(_ marker: ControlBatch, at offset: Int64) {
        guard let transaction = open.removeValue(forKey: marker.producerID) else { return }
        unconfirmed.append((transaction.firstOffset, offset))
        guard marker.kind == .abort else { return }
        aborted.append(
            Aborted(
                producerID: marker.producerID,
                firstOffset: transaction.firstOffset,
                lastOffset: offset,
                stableOffset: stableOffset(end: offset + 1)
            )
        )
    }

    /// Forgets the aborted transactions that ended before an offset: nobody reads their records any more.
    mutating func forgetAborted(endedBefore offset: Int64) {
        aborted.removeAll { $0.lastOffset < offset }
    }

    /// What `.txnindex` holds of these transactions: a version in two bytes, and eight bytes for each number.
    static func file(of aborted: [Aborted]) -> ByteBuffer {
        var file = ByteBuffer()
        for each in aborted {
            file.writeMultipleIntegers(Int16(0), each.producerID, each.firstOffset, each.lastOffset, each.stableOffset)
        }
        return file
    }

    /// Writes all of it.
    func write(to buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(Int32(open.count), Int32(aborted.count))
        for (id, transaction) in open { buffer.writeMultipleIntegers(id, transaction.epoch, transaction.firstOffset) }
        for each in aborted {
            buffer.writeMultipleIntegers(each.producerID, each.firstOffset, each.lastOffset, each.stableOffset)
        }
    }

    /// Reads what was written; nil when it ends too early.
    init?(reading buffer: inout ByteBuffer) {
        guard let (openCount, abortedCount) = buffer.readMultipleIntegers(as: (Int32, Int32).self) else { return nil }
        for _ in 0..<max(0, openCount) {
            guard let (id, epoch, first) = buffer.readMultipleIntegers(as: (Int64, Int16, Int64).self) else {
                return nil
            }
            open[id] = Open(epoch: epoch, firstOffset: first)
        }
        for _ in 0..<max(0, abortedCount) {
            guard let (id, first, last, stable) = buffer.readMultipleIntegers(as: (Int64, Int64, Int64, Int64).self)
            else {
                return nil
            }
            aborted.append(Aborted(producerID: id, firstOffset: first, lastOffset: last, stableOffset: stable))
        }
    }

    /// Without any transaction.
    init() {}

    /// The aborted transactions that a reader must know of who gets the records from `start` up to, and without, `end`: by
    /// rising first offset.
    func aborted(from start: Int64, to end: Int64) -> [Aborted] {
        var found: [Aborted] = []
        for transaction in aborted[firstIndex(endingFrom: start)...] {
            if transaction.firstOffset < end { found.append(transaction) }
            // Whatever ended later begins behind this.
            if transaction.stableOffset >= end { break }
        }
        return found.sorted { $0.firstOffset < $1.firstOffset }
    }

    private func firstIndex(endingFrom offset: Int64) -> Int {
        var low = 0
        var high = aborted.count
        while low < high {
            let middle = (low + high) / 2
            if aborted[middle].lastOffset < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
