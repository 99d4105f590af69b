// SPDX-License-Identifier: Apache-2.0

/// Finds the records in bytes that arrive chunk by chunk.
///
/// A pure value: it holds indices into a buffer that its owner keeps, and no bytes. The owner appends what it reads,
/// asks for records until there are none, and lets go of the bytes that `releasable(in:)` says are done with. A record
/// that grows past `limit` is let go of while it is still being read, so that the owner never holds more than that.
struct RecordSplitter: Sendable {
    let delimiter: BytePattern
    /// Whether a carriage return at the end of a record is dropped.
    let stripsCarriageReturn: Bool
    /// The longest record that is worth keeping, in bytes without its delimiter.
    let limit: Int

    /// Where the next record begins.
    private(set) var start = 0
    /// No delimiter begins between `start` and here.
    private var searched = 0
    /// How much of the current record was let go because it is over the limit.
    private(set) var skipped: Int?

    /// Where in the input the first record lies that was not given out, when the buffer's first byte lies at `base`.
    func end(from base: UInt64) -> UInt64 { base + UInt64(start) - UInt64(skipped ?? 0) }

    init(delimiter: BytePattern = .newline, stripsCarriageReturn: Bool = false, limit: Int = .max) {
        self.delimiter = delimiter
        self.stripsCarriageReturn = stripsCarriageReturn
        self.limit = limit
    }

    /// The next record that has its delimiter, or nil when the rest of `bytes` holds none.
    @inline(__always)
    mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        guard let end = delimiter.firstIndex(in: bytes, from: searched) else {
            searched = max(start, bytes.count - (delimiter.count - 1))
            return nil
        }
        let record = start..<end
        start = end + delimiter.count
        searched = start
        return stripsCarriageReturn ? stripped(record, in: bytes) : record
    }

    /// The bytes after the last delimiter once the input has ended, or nil when there are none.
    mutating func last(in bytes: Span<UInt8>) -> Range<Int>? {
        guard start < bytes.count else { return nil }
        let record = start..<bytes.count
        start = bytes.count
        searched = start
        return stripsCarriageReturn ? stripped(record, in: bytes) : record
    }

    /// How many bytes at the front are no longer needed. Called when `next(in:)` has returned nil and more is to be read.
    mutating func releasable(in bytes: Span<UInt8>) -> Int {
        let rest = bytes.count - start
        guard skipped != nil || rest > limit + (delimiter.count - 1) else { return start }
        // The tail may be the first half of a delimiter, with the carriage return before it that is dropped.
        let kept = min(rest, delimiter.count - 1 + (stripsCarriageReturn ? 1 : 0))
        skipped = (skipped ?? 0) + rest - kept
        start = bytes.count - kept
        searched = start
        return start
    }

    /// The owner has let go of `count` bytes at the front: indices shift.
    mutating func released(_ count: Int) {
        start -= count
        searched -= count
    }

    /// The size of the oversized record whose end has now been found, or nil when it goes on beyond `bytes`.
    mutating func endOfSkipped(in bytes: Span<UInt8>) -> Int? {
        guard let gone = skipped, let record = next(in: bytes) else { return nil }
        skipped = nil
        return gone + record.count
    }

    /// The size of the oversized record that the end of the input has cut off, or nil when there is none.
    mutating func lastOfSkipped(in bytes: Span<UInt8>) -> Int? {
        guard let gone = skipped else { return nil }
        let rest = start..<bytes.count
        start = bytes.count
        searched = start
        skipped = nil
        return gone + (stripsCarriageReturn ? stripped(rest, in: bytes) : rest).count
    }

    private func stripped(_ record: Range<Int>, in bytes: Span<UInt8>) -> Range<Int> {
        guard let last = record.last, bytes[last] == 0x0D else { return record }
        return record.lowerBound..<last
    }
}
