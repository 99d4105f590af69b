// SPDX-License-Identifier: Apache-2.0

/// Decompressed bytes whose number shows only as they come, in memory that grows with them up to a limit.
struct BoundedOutput {
    private static let smallestRoom = 64 << 10

    /// The bytes so far.
    private(set) var bytes: [UInt8] = []
    private let codec: CodecName
    private let limit: Int
    private var capacity = 0

    /// - Parameters:
    ///   - codec: Named in the error when the limit is exceeded.
    ///   - limit: Most bytes that may be written.
    ///   - expected: A guess that saves growing; no promise.
    init(codec: CodecName, limit: Int, expected: Int) {
        self.codec = codec
        self.limit = min(max(limit, 0), Int.max - 1)
        grow(to: max(expected, Self.smallestRoom))
    }

    /// Lets `body` write behind the last byte and return how many it wrote. There is room for one at least: when the
    /// limit is reached that room is one byte beyond it, so that a source which has more to give shows it.
    mutating func write(
        _ body: (UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int
    ) throws(CompressionError) {
        if bytes.count == capacity { grow(to: capacity &* 2) }
        unsafe try append(capacity - bytes.count, body)
        guard bytes.count <= limit else { throw CompressionError(codec, .limitExceeded(limit)) }
    }

    /// Lets `body` write exactly `count` bytes behind the last one, when the limit allows that many.
    mutating func write(
        exactly count: Int,
        _ body: (UnsafeMutableRawBufferPointer) throws(CompressionError) -> Void
    ) throws(CompressionError) {
        guard count <= limit - bytes.count else { throw CompressionError(codec, .limitExceeded(limit)) }
        if count > capacity - bytes.count { grow(to: max(bytes.count + count, capacity &* 2)) }
        unsafe try append(count) { room throws(CompressionError) in
            unsafe try body(room)
            return count
        }
    }

    private mutating func append(
        _ count: Int,
        _ body: (UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int
    ) throws(CompressionError) {
        try bytes.append(addingCapacity: count) { span throws(CompressionError) in
            unsafe try span.withUnsafeMutableBufferPointer { buffer, initialized throws(CompressionError) in
                let room = unsafe UnsafeMutableRawBufferPointer(buffer)[initialized..<(initialized + count)]
                let written = unsafe try body(UnsafeMutableRawBufferPointer(rebasing: room))
                precondition(written >= 0 && written <= count, "more was written than there is room for")
                initialized += written
            }
        }
    }

    private mutating func grow(to wanted: Int) {
        capacity = min(max(wanted, capacity + 1), limit + 1)
        bytes.reserveCapacity(capacity)
    }
}
