// SPDX-License-Identifier: Apache-2.0
import RecordText

/// Finds the records in bytes that arrive chunk by chunk.
///
/// A pure value: it holds indices into a buffer that its owner keeps, and no bytes. The owner appends what it reads,
/// asks for records until there are none, and lets go of the bytes that `releasable(in:)` says are done with. A record
/// that grows past `limit` is let go of while it is still being read, so that the owner never holds more than that.
struct RecordSplitter: Sendable {
    /// How the end of a record is found.
    enum Framing: Equatable, Sendable {
        case delimiter
        /// A newline, a carriage return, or both.
        case lines
        /// JSON says where it ends.
        case json
        /// A line break that is not within quotes.
        case csv(separator: UInt8)
        /// The layout of records says it.
        case layout(RecordLayout)
        /// The end of the input.
        case input
    }

    let delimiter: BytePattern
    /// Whether a carriage return at the end of a record is dropped.
    let stripsCarriageReturn: Bool
    /// The longest record that is worth keeping, in bytes without its delimiter.
    let limit: Int

    private let framing: Framing
    private let isDelimited: Bool
    private var json = JSONFramer()
    private var csv = CSVFramer(separator: UInt8(ascii: ","))
    private var layout: RecordLayoutReader?
    /// Whether all of the input was given out, which is one record.
    private var isInputGiven = false

    /// Where the next record begins.
    private(set) var start = 0
    /// No delimiter begins between `start` and here.
    private var searched = 0
    /// How much of the current record was let go because it is over the limit.
    private(set) var skipped: Int?

    /// Where in the input the first record lies that was not given out, when the buffer's first byte lies at `base`.
    func end(from base: UInt64) -> UInt64 { base + UInt64(start) - UInt64(skipped ?? 0) }

    init(
        delimiter: BytePattern = .newline,
        stripsCarriageReturn: Bool = false,
        limit: Int = .max,
        framing: Framing = .delimiter
    ) {
        self.delimiter = delimiter
        self.stripsCarriageReturn = stripsCarriageReturn
        self.limit = limit
        self.framing = framing
        isDelimited = framing == .delimiter
        if case .csv(let separator) = framing { csv = CSVFramer(separator: separator) }
        if case .layout(let layout) = framing { self.layout = RecordLayoutReader(layout) }
    }

    /// Where bytes may be cut so that the records given out so far are found again before the cut: the byte that has shown
    /// the end of a value may be the next one's first.
    func cut(in bytes: Span<UInt8>) -> Int {
        switch framing {
        case .json, .layout: min(start + 1, bytes.count)
        case .delimiter, .lines, .csv, .input: start
        }
    }

    /// The next record that has its delimiter, or nil when the rest of `bytes` holds none.
    @inline(__always)
    mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        guard isDelimited else { return nextFramed(in: bytes) }
        guard let end = delimiter.firstIndex(in: bytes, from: searched) else {
            searched = max(start, bytes.count - (delimiter.count - 1))
            return nil
        }
        let record = start..<end
        start = end + delimiter.count
        searched = start
        return stripsCarriageReturn ? stripped(record, in: bytes) : record
    }

    private mutating func nextFramed(in bytes: Span<UInt8>) -> Range<Int>? {
        let found: Int?
        switch framing {
        case .json: found = json.end(in: bytes, start: &start, searched: &searched)
        case .csv: found = csv.end(in: bytes, start: &start, searched: &searched)
        case .layout: (found, searched) = endOfLayout(in: bytes)
        case .lines: (found, searched) = endOfLine(in: bytes)
        case .delimiter, .input: (found, searched) = (nil, bytes.count)
        }
        guard let end = found else { return nil }
        let record = start..<end
        start = searched
        return stripsCarriageReturn ? stripped(record, in: bytes) : record
    }

    /// Where the next line ends, and the one behind it begins.
    private func endOfLine(in bytes: Span<UInt8>) -> (end: Int?, searched: Int) {
        var index = searched
        while index < bytes.count {
            if bytes[index] == 0x0A { return (index, index + 1) }
            if bytes[index] == 0x0D {
                // A newline may follow, which belongs to it.
                guard index + 1 < bytes.count else { return (nil, index) }
                return (index, index + (bytes[index + 1] == 0x0A ? 2 : 1))
            }
            index += 1
        }
        return (nil, bytes.count)
    }

    /// Where the next record ends by its layout; of one that is not laid out so, what is left of it.
    private mutating func endOfLayout(in bytes: Span<UInt8>) -> (end: Int?, searched: Int) {
        guard start < bytes.count, let layout = self.layout?.layout else { return (nil, bytes.count) }
        // Without its beginning only its delimiter shows its end.
        let outcome = skipped == nil ? self.layout?.read(bytes, from: start, isEnd: false) : nil
        switch outcome {
        case .record(let end) where end > start: return (end, end)
        case .incomplete: return (nil, bytes.count)
        case .malformed(_, let place):
            // Sizes that do not fit leave no way to the next record.
            guard !layout.isSized else { return (bytes.count, bytes.count) }
            return endOfDelimited(layout, from: place, in: bytes)
        case .record, nil: return layout.isSized ? (nil, bytes.count) : endOfDelimited(layout, from: start, in: bytes)
        }
    }

    private func endOfDelimited(
        _ layout: RecordLayout,
        from place: Int,
        in bytes: Span<UInt8>
    ) -> (end: Int?, searched: Int) {
        guard let ending = BytePattern(layout.ending), place <= bytes.count,
            let found = ending.firstIndex(in: bytes, from: place)
        else { return (nil, bytes.count) }
        return (found + ending.count, found + ending.count)
    }

    /// The bytes after the last delimiter once the input has ended, or nil when there are none.
    mutating func last(in bytes: Span<UInt8>) -> Range<Int>? {
        if framing == .input {
            guard !isInputGiven else { return nil }
            isInputGiven = true
        } else {
            guard start < bytes.count else { return nil }
        }
        let record = start..<bytes.count
        start = bytes.count
        searched = start
        return stripsCarriageReturn ? stripped(record, in: bytes) : record
    }

    /// The record that was given out last is not taken after all: nothing is read behind it.
    mutating func handBack(_ record: Range<Int>) { start = record.lowerBound }

    /// How many bytes at the front are no longer needed. Called when `next(in:)` has returned nil and more is to be read.
    mutating func releasable(in bytes: Span<UInt8>) -> Int {
        let rest = bytes.count - start
        guard skipped != nil || rest > limit + (delimiter.count - 1) else { return start }
        // The tail may be the first half of a delimiter, with the carriage return before it that is dropped.
        let tail = isDelimited ? delimiter.count - 1 : max(0, bytes.count - searched)
        let kept = min(rest, tail + (stripsCarriageReturn ? 1 : 0))
        skipped = (skipped ?? 0) + rest - kept
        start = bytes.count - kept
        searched = isDelimited ? start : max(start, searched)
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
        isInputGiven = true
        skipped = nil
        return gone + (stripsCarriageReturn ? stripped(rest, in: bytes) : rest).count
    }

    private func stripped(_ record: Range<Int>, in bytes: Span<UInt8>) -> Range<Int> {
        guard let last = record.last, bytes[last] == 0x0D else { return record }
        return record.lowerBound..<last
    }
}
