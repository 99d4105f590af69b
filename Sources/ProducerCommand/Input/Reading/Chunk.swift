// SPDX-License-Identifier: Apache-2.0

/// What the reading thread hands on at a time: what was read last, behind what was left of the chunk before.
///
/// It lends the bytes of the input's buffer, so that the compiler lets it live no longer than until the next read.
struct Chunk: ~Escapable {
    let bytes: Span<UInt8>
    /// Where the first byte lies, counted over all inputs.
    let base: UInt64
    /// Whether the input ends with these bytes, so that a record without an end is whole.
    let isEnd: Bool
    /// When it was handed on, in milliseconds since 1970: the timestamp of all records that have none of their own.
    let time: Int64

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, at base: UInt64, isEnd: Bool, time: Int64 = TimeText.now()) {
        self.bytes = bytes
        self.base = base
        self.isEnd = isEnd
        self.time = time
    }

    /// Where a record begins, counted over all inputs.
    func offset(of record: Range<Int>) -> UInt64 { base &+ UInt64(record.lowerBound) }
}
