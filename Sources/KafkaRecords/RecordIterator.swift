// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Reads the records of a batch one after the other out of their uncompressed bytes, trusting none of them.
public struct RecordIterator: Sendable {
    private let section: ByteBuffer
    private let recordCount: Int
    private var index = 0
    private var position = 0

    /// - Parameters:
    ///   - section: The uncompressed records and nothing else.
    ///   - recordCount: How many there must be.
    init(section: ByteBuffer, recordCount: Int) {
        self.section = section.slice()
        self.recordCount = recordCount
    }

    /// The next record, or nil after the last; throws when it is malformed or when bytes are left after the last.
    public mutating func next() throws(RecordBatchError) -> Record? {
        guard let layout = try nextLayout() else { return nil }
        return Record(
            offsetDelta: layout.offsetDelta,
            timestampDelta: layout.timestampDelta,
            key: slice(layout.key),
            value: slice(layout.value),
            headers: layout.headers.map { header in
                // A name that is not UTF-8 is repaired, as the Java client does when it reads one.
                RecordHeader(
                    name: section.getString(at: header.name.lowerBound, length: header.name.count) ?? "",
                    value: slice(header.value)
                )
            }
        )
    }

    /// Passes over the next record, checking it as `next()` does but building nothing; false after the last.
    public mutating func skip() throws(RecordBatchError) -> Bool {
        try nextLayout() != nil
    }

    private mutating func nextLayout() throws(RecordBatchError) -> RecordLayout? {
        guard index < recordCount else {
            let left = section.readableBytes - position
            guard left == 0 else { throw .trailingRecordBytes(left) }
            return nil
        }
        var scanner = RecordScanner(position: position)
        let layout: RecordLayout
        do throws(RecordBatchError.RecordDefect) {
            layout = try scanner.scanRecord(in: section.readableBytesUInt8Span)
        } catch {
            throw .invalidRecord(index: index, defect: error)
        }
        position = scanner.position
        index += 1
        return layout
    }

    private func slice(_ range: Range<Int>?) -> ByteBuffer? {
        guard let range else { return nil }
        return section.getSlice(at: range.lowerBound, length: range.count)
    }
}
