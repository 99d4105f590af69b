// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore

/// The batches that a fetch brought, decoded one at a time, so that no more than one is held decompressed. They come from
/// outside: nothing that they say is believed before it was checked.
struct FetchedBatches: Sendable {
    /// Records that are handed out at once, at most.
    static let recordLimit = 10_000

    private var splitter: RecordBatchSplitter
    private var aborted: AbortedTransactions?
    /// The batch whose records are handed out.
    private var open: OpenBatch?
    /// The offset that comes next: what is before it was asked for earlier, or is done with.
    private(set) var nextOffset: Int64
    private let start: Int64
    /// Records from here on are not wanted.
    private let end: Int64?
    private let batchLimit: Int
    private var isUsedUp = false

    private struct OpenBatch {
        let header: RecordBatchHeader
        var records: RecordIterator
        /// The lowest offset that the next record may have.
        var lowest: Int64

        mutating func nextRecord(at offset: Int64) throws(FetchDefect) -> Record? {
            do throws(RecordBatchError) {
                return try records.next()
            } catch {
                throw FetchDefect(offset: offset, reason: "\(error)")
            }
        }
    }

    /// - Parameters:
    ///   - data: What the broker answered for the partition.
    ///   - offset: The offset that was asked for. Batches are kept whole, so that earlier records may come with it.
    ///   - end: Where reading ends; nil for nowhere.
    ///   - plan: Which records are wanted, and how large a batch may be.
    init(_ data: FetchResponse.PartitionData, from offset: Int64, to end: Int64?, _ plan: ReadPlan) {
        splitter = RecordBatchSplitter(data.records ?? ByteBuffer())
        nextOffset = offset
        start = offset
        self.end = end
        batchLimit = plan.limits.batchBytes
        let isCommitted = plan.isolation == .readCommitted
        aborted = isCommitted ? AbortedTransactions(data.abortedTransactions ?? []) : nil
    }

    /// The next records that are wanted, all of one batch; nil when there are no more whole batches, or the end is reached.
    mutating func next() throws(FetchDefect) -> [ReadRecord]? {
        while true {
            let records = try takeRecords()
            if !records.isEmpty { return records }
            guard try openNextBatch() else { return nil }
        }
    }

    /// Records of the open batch. It is closed after its last one.
    private mutating func takeRecords() throws(FetchDefect) -> [ReadRecord] {
        guard var batch = open else { return [] }
        let header = batch.header
        var taken: [ReadRecord] = []
        while taken.count < Self.recordLimit {
            guard let record = try batch.nextRecord(at: nextOffset) else {
                open = nil
                nextOffset = max(nextOffset, header.lastOffset + 1)
                return taken
            }
            let offset = header.offset(of: record)
            guard offset >= batch.lowest, offset <= header.lastOffset else {
                throw defect("a record of the batch has offset \(offset), which is out of order")
            }
            batch.lowest = offset + 1
            if offset >= nextOffset, offset < end ?? .max { taken.append(ReadRecord(record, in: header)) }
        }
        open = batch
        nextOffset = max(nextOffset, batch.lowest)
        return taken
    }

    /// Opens the next batch that has records that are wanted; false when there is none.
    private mutating func openNextBatch() throws(FetchDefect) -> Bool {
        guard !isUsedUp else { return false }
        while let batch = try splitter.nextBatch(at: nextOffset) {
            let header = batch.header
            guard header.baseOffset >= 0, header.lastOffsetDelta >= 0,
                header.baseOffset < .max - Int64(header.lastOffsetDelta)
            else { throw defect("a batch cannot have offsets \(header.baseOffset) to \(header.lastOffset)") }
            let isDropped = aborted?.drops(batch) ?? header.isControl
            guard header.lastOffset >= nextOffset else { continue }
            if let end, header.baseOffset >= end {
                // Those in between are no more: they were compacted away.
                nextOffset = max(nextOffset, end)
                isUsedUp = true
                return false
            }
            if isDropped {
                nextOffset = header.lastOffset + 1
                continue
            }
            open = OpenBatch(
                header: header,
                records: try batch.records(atMost: batchLimit, at: nextOffset),
                lowest: header.baseOffset
            )
            return true
        }
        isUsedUp = true
        guard nextOffset == start else { return false }
        // Asking again would bring the same.
        let left = splitter.remaining
        guard left.readableBytes == 0 else {
            throw defect("the broker cut the first batch off after \(left.readableBytes) bytes")
        }
        throw defect("the broker answered with records before it")
    }

    private func defect(_ reason: String) -> FetchDefect { FetchDefect(offset: nextOffset, reason: reason) }
}

extension RecordBatchSplitter {
    fileprivate mutating func nextBatch(at offset: Int64) throws(FetchDefect) -> RecordBatchReader? {
        do throws(RecordBatchError) {
            return try next()
        } catch {
            throw FetchDefect(offset: offset, reason: "\(error)")
        }
    }
}

extension RecordBatchReader {
    fileprivate func records(atMost limit: Int, at offset: Int64) throws(FetchDefect) -> RecordIterator {
        do throws(RecordBatchError) {
            return makeIterator(decompressed: try decompressedSection(limit: limit))
        } catch {
            throw FetchDefect(offset: offset, reason: "\(error)")
        }
    }
}
