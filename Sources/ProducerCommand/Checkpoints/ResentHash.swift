// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// The checksum of a dead-letter file up to the end of its last line that was read, taken of the bytes as they pass, so that
/// the file is not read a second time.
struct ResentHash: Sendable {
    private var offset: UInt64 = 0
    /// Nil once bytes have gone that were not seen here, such as those of a line that is too long to be held.
    private var hash: UInt32? = 0

    /// Goes on to the end of a line in a chunk whose base is a place in the file.
    ///
    /// - Parameters:
    ///   - end: Where the line ends, before its newline; nil when that is not known.
    ///   - chunk: Begins at the line behind the one that was passed last, or before it.
    /// - Returns: the checksum of everything before `end`; nil when it has to be found out from the file.
    mutating func pass(to end: UInt64?, in chunk: Chunk) -> UInt32? {
        // Of what was let go of, only the newline of the line before may be missing.
        guard var value = hash, let end, chunk.base <= offset + 1, end >= max(offset, chunk.base),
            end <= chunk.base + UInt64(chunk.bytes.count)
        else {
            hash = nil
            return nil
        }
        if offset < chunk.base {
            unsafe value = CRC32C.checksum(of: [0x0A as UInt8].span.bytes, continuing: value)
            offset += 1
        }
        let part = chunk.bytes.extracting(Int(offset - chunk.base)..<Int(end - chunk.base))
        unsafe value = CRC32C.checksum(of: part.bytes, continuing: value)
        (offset, hash) = (end, value)
        return value
    }
}
