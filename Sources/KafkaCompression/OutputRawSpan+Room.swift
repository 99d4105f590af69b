// SPDX-License-Identifier: Apache-2.0

extension OutputRawSpan {
    /// Lets `body` write into the bytes that are still free and return how many it wrote; nothing is appended when it
    /// throws.
    mutating func appendBytes(
        _ body: (UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int
    ) throws(CompressionError) {
        unsafe try withUnsafeMutableBytes { buffer, initialized throws(CompressionError) in
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[initialized...])
            let written = unsafe try body(room)
            precondition(written >= 0 && written <= room.count, "more was written than there is room for")
            initialized += written
        }
    }
}
