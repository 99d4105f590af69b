// SPDX-License-Identifier: Apache-2.0

/// Parts a record at the first separator, as `-K` and kafka-console-producer's `parse.key` do.
struct KeySplitter: Equatable, Sendable {
    let separator: BytePattern

    /// The parts before and after the first separator, or nil when there is none.
    func split(_ record: Range<Int>, in bytes: Span<UInt8>) -> (before: Range<Int>, after: Range<Int>)? {
        let slice = bytes.extracting(record)
        guard let found = separator.firstIndex(in: slice, from: 0) else { return nil }
        let end = record.lowerBound + found
        return (record.lowerBound..<end, end + separator.count..<record.upperBound)
    }
}
