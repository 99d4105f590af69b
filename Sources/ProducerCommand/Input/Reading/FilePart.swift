// SPDX-License-Identifier: Apache-2.0
import Platform

/// The bytes of a part of a regular file, read without moving the place where the file is read.
struct FilePart {
    /// What was read: less than was asked for when the file ends before, or at an error.
    let bytes: [UInt8]
    /// The `errno` that reading ended with; `nil` when the part or the file was read to its end.
    let error: Int32?

    init(of descriptor: Int32, at offset: UInt64, count: Int) {
        var bytes = [UInt8](repeating: 0, count: count)
        var (filled, error) = (0, Int32?.none)
        while filled < count {
            let read = unsafe bytes.withUnsafeMutableBytes { memory in
                let left = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
                return unsafe pread(descriptor, left.baseAddress, left.count, off_t(offset) + off_t(filled))
            }
            if read < 0, errno == EINTR { continue }
            if read < 0 { error = errno }
            guard read > 0 else { break }
            filled += read
        }
        bytes.removeLast(count - filled)
        self.bytes = bytes
        self.error = error
    }
}
