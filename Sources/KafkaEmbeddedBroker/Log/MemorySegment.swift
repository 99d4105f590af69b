// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The bytes of a segment that lives in memory only: chunks that are filled one after the other.
struct MemorySegment {
    /// A chunk is as large as all before it together, within these bounds, or as large as the batch that needs it.
    private static let chunkSizes = 4 * 1024...1024 * 1024

    private var chunks: [ByteBuffer] = []
    /// Position of each chunk's first byte.
    private var starts: [Int] = []
    /// Bytes written so far.
    private(set) var size = 0

    /// Adds `head` and then `tail` at the end.
    mutating func append(_ head: RawSpan, _ tail: RawSpan) {
        let count = head.byteCount + tail.byteCount
        if chunks.last.map({ $0.writableBytes < count }) ?? true {
            let usual = min(max(size, Self.chunkSizes.lowerBound), Self.chunkSizes.upperBound)
            chunks.append(ByteBufferAllocator().buffer(capacity: max(usual, count)))
            starts.append(size)
        }
        chunks[chunks.count - 1].writeBytes(head)
        chunks[chunks.count - 1].writeBytes(tail)
        size += count
    }

    /// Cuts off what stands behind so many bytes.
    mutating func truncate(to count: Int) {
        while let start = starts.last, start >= count, !chunks.isEmpty {
            starts.removeLast()
            chunks.removeLast()
        }
        if let start = starts.last {
            let index = chunks.count - 1
            chunks[index].moveWriterIndex(to: min(chunks[index].writerIndex, count - start))
        }
        size = min(size, count)
    }

    /// Adds `count` bytes from `position` to `buffer`, fewer where the segment ends.
    func read(_ count: Int, at position: Int, into buffer: inout ByteBuffer) {
        var position = position
        let end = min(position + count, size)
        var index = starts.partitioningIndex(after: position) - 1
        while position < end, chunks.indices.contains(index) {
            let chunk = chunks[index]
            let from = position - starts[index]
            let length = min(end - position, chunk.readableBytes - from)
            buffer.writeBytes(chunk.readableBytesSpan.extracting(from..<from + length))
            position += length
            index += 1
        }
    }
}

extension [Int] {
    /// The first index of a sorted array whose element is larger than `value`.
    fileprivate func partitioningIndex(after value: Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
