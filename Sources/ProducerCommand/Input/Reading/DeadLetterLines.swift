// SPDX-License-Identifier: Apache-2.0

/// A line of a dead-letter file: where it is, and what it is counted as.
struct DeadLetterLine: Equatable, Sendable {
    /// Its number in the file, from 1.
    var number: UInt64
    /// Where it begins in the file, in bytes.
    var offset: UInt64
    /// Its number over all files, from 0.
    var ordinal: UInt64
    /// Its bytes without the newline; nil when it was too long to be held.
    var size: Int?
}

/// Finds the lines of one dead-letter file, and counts them.
struct DeadLetterLines {
    var splitter: RecordSplitter
    /// The number of the next line over all files.
    private(set) var ordinal: UInt64
    private var number: UInt64 = 0

    /// The lines of a file, of which none that is longer than `limit` bytes is held.
    init(limit: Int, first ordinal: UInt64) {
        self.ordinal = ordinal
        splitter = RecordFormat.deadLetters(DeadLetterDecoder()).splitter(limit: limit)
    }

    /// The next line that is not empty and is whole, and where in the chunk it is, unless it was too long to be held. The
    /// chunk's base is a place in this file.
    mutating func next(in chunk: Chunk) -> (line: DeadLetterLine, range: Range<Int>?)? {
        if let skipped = splitter.skipped {
            let offset = chunk.base + UInt64(splitter.start) - UInt64(skipped)
            var size = splitter.endOfSkipped(in: chunk.bytes)
            if size == nil, chunk.isEnd { size = splitter.lastOfSkipped(in: chunk.bytes) }
            return size == nil ? nil : (line(at: offset, size: nil), nil)
        }
        while true {
            var range = splitter.next(in: chunk.bytes)
            if range == nil, chunk.isEnd { range = splitter.last(in: chunk.bytes) }
            guard let range else { return nil }
            let line = line(at: chunk.offset(of: range), size: range.count)
            if !range.isEmpty { return (line, range) }
        }
    }

    private mutating func line(at offset: UInt64, size: Int?) -> DeadLetterLine {
        number += 1
        ordinal += 1
        return DeadLetterLine(number: number, offset: offset, ordinal: ordinal - 1, size: size)
    }
}
