// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What one partition remembers of each idempotent producer: its epoch and its last five batches. It decides whether a
/// batch is the next one, one that is in the log already, or one that must be refused.
///
/// The rules are those of Kafka's `ProducerStateManager`. An epoch never goes back; a new epoch begins at sequence 0; a
/// producer without an entry may begin anywhere, since its earlier batches may have been removed; within an epoch each
/// batch begins where the last one ended, counted modulo 2^31. One case is kept apart that Kafka 4 answers with the
/// same error: a batch from before the last five is known to be written (`writtenBefore`), and not out of order.
struct ProducerStateTable {
    /// How many batches of a producer are remembered, as many as a client may have in flight.
    static let retainedBatches = 5

    /// Who sent a batch, and which of its records.
    struct Sequence: Hashable {
        var producerID: Int64
        var epoch: Int16
        /// Sequence number of the first record.
        var first: Int32
        /// Sequence number of the last record; smaller than the first when the count wrapped.
        var last: Int32
    }

    /// What is to be done with a batch.
    enum Verdict: Equatable {
        /// It is the next one: append it.
        case append
        /// It is one of the last five: answer as when it was appended.
        case duplicate(baseOffset: Int64, timestamp: Int64)
        /// It was appended so long ago that its offset is no longer known.
        case writtenBefore
        /// A newer epoch of this producer was seen.
        case staleEpoch(current: Int16)
        /// Nothing is known of this producer, and it does not begin at sequence 0.
        case unknownProducer
        /// Something before it is missing, or it overlaps what was appended.
        case outOfOrder(expected: Int32)
    }

    private struct Batch {
        var first: Int32
        var last: Int32
        var baseOffset: Int64
        var timestamp: Int64
    }

    private struct Entry {
        var epoch: Int16
        /// None when all that is known is a marker's epoch.
        var batches: [Batch] = []

        mutating func begin(epoch: Int16) {
            guard epoch != self.epoch else { return }
            self.epoch = epoch
            batches.removeAll(keepingCapacity: true)
        }

        mutating func append(_ batch: Batch, epoch: Int16) {
            begin(epoch: epoch)
            if batches.count == retainedBatches { batches.removeFirst() }
            batches.append(batch)
        }
    }

    private var entries: [Int64: Entry] = [:]
    /// Whether a producer without an entry must begin at sequence 0, as with brokers before KIP-360.
    var refusesUnknownProducers = false

    /// The largest producer id that has an entry.
    private(set) var largestProducerID: Int64?

    /// Number of producers that have an entry.
    var count: Int { entries.count }

    /// Judges a batch by what was appended so far.
    func verdict(on batch: Sequence) -> Verdict {
        guard let entry = entries[batch.producerID] else {
            return refusesUnknownProducers && batch.first != 0 ? .unknownProducer : .append
        }
        guard batch.epoch >= entry.epoch else { return .staleEpoch(current: entry.epoch) }
        guard batch.epoch == entry.epoch, let newest = entry.batches.last else {
            return batch.first == 0 ? .append : .outOfOrder(expected: 0)
        }
        for known in entry.batches where known.first == batch.first && known.last == batch.last {
            return .duplicate(baseOffset: known.baseOffset, timestamp: known.timestamp)
        }
        let expected = Self.successor(of: newest.last)
        if batch.first == expected { return .append }
        return Self.isBefore(batch, entry.batches) ? .writtenBefore : .outOfOrder(expected: expected)
    }

    /// Remembers a batch that was appended, or that was found in the log.
    ///
    /// - Parameters:
    ///   - batch: Who sent it.
    ///   - baseOffset: Offset that its first record has.
    ///   - timestamp: The batch's largest timestamp, in milliseconds since 1970.
    mutating func appended(_ batch: Sequence, baseOffset: Int64, timestamp: Int64) {
        let remembered = Batch(first: batch.first, last: batch.last, baseOffset: baseOffset, timestamp: timestamp)
        entries[batch.producerID, default: Entry(epoch: batch.epoch)].append(remembered, epoch: batch.epoch)
        largestProducerID = max(largestProducerID ?? batch.producerID, batch.producerID)
    }

    /// What is known of a producer, for those who ask.
    struct Known {
        var producerID: Int64
        var epoch: Int16
        /// -1 when it has written nothing in this epoch.
        var lastSequence: Int32
        /// Milliseconds since 1970, or -1.
        var timestamp: Int64
    }

    /// All producers, by rising id.
    var known: [Known] {
        entries.sorted { $0.key < $1.key }.map { id, entry in
            Known(
                producerID: id,
                epoch: entry.epoch,
                lastSequence: entry.batches.last?.last ?? -1,
                timestamp: entry.batches.last?.timestamp ?? -1
            )
        }
    }

    /// Writes all that is known.
    func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(Int32(entries.count))
        for (id, entry) in entries {
            buffer.writeMultipleIntegers(id, entry.epoch, Int32(entry.batches.count))
            for batch in entry.batches {
                buffer.writeMultipleIntegers(batch.first, batch.last, batch.baseOffset, batch.timestamp)
            }
        }
    }

    /// Reads what was written; nil when it ends too early.
    init?(reading buffer: inout ByteBuffer) {
        guard let count = buffer.readInteger(as: Int32.self) else { return nil }
        for _ in 0..<max(0, count) {
            guard let (id, epoch, batches) = buffer.readMultipleIntegers(as: (Int64, Int16, Int32).self) else {
                return nil
            }
            var entry = Entry(epoch: epoch)
            for _ in 0..<max(0, batches) {
                guard let (first, last, base, time) = buffer.readMultipleIntegers(as: (Int32, Int32, Int64, Int64).self)
                else { return nil }
                entry.append(Batch(first: first, last: last, baseOffset: base, timestamp: time), epoch: epoch)
            }
            entries[id] = entry
            largestProducerID = max(largestProducerID ?? id, id)
        }
    }

    /// Without any producer.
    init() {}

    /// Whether nothing is known of a producer.
    func isUnknown(_ producerID: Int64) -> Bool { entries[producerID] == nil }

    /// Whether a batch is the last one that is known of a producer.
    func isLast(producerID: Int64, baseOffset: Int64) -> Bool {
        entries[producerID]?.batches.last?.baseOffset == baseOffset
    }

    /// Takes note of a marker's epoch. Sequences begin anew when it is another one.
    mutating func marked(producerID: Int64, epoch: Int16) {
        entries[producerID, default: Entry(epoch: epoch)].begin(epoch: epoch)
        largestProducerID = max(largestProducerID ?? producerID, producerID)
    }

    /// Forgets a producer, as Kafka does after `producer.id.expiration.ms`.
    mutating func forget(producerID: Int64) {
        entries[producerID] = nil
    }

    /// Forgets all producers.
    mutating func forgetAll() {
        entries.removeAll()
    }

    private static func successor(of sequence: Int32) -> Int32 {
        sequence == .max ? 0 : sequence + 1
    }

    /// Whether the whole of `batch` lies before the oldest of five remembered batches, in the nearer half of the circle
    /// of 2^31 numbers.
    private static func isBefore(_ batch: Sequence, _ remembered: [Batch]) -> Bool {
        guard remembered.count == retainedBatches, let oldest = remembered.first else { return false }
        let length = Int64(batch.last &- batch.first) & 0x7FFF_FFFF
        let distance = Int64(oldest.first &- batch.first) & 0x7FFF_FFFF
        return distance > length && distance < 1 << 30
    }
}
