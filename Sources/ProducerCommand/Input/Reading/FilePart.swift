// SPDX-License-Identifier: Apache-2.0
import Platform

/// The bytes of a part of a regular file, read without moving the place where the file is read.
struct FilePart {
    /// What was read: less than was asked for when the file ends before, or at an error.
    let bytes: [UInt8]
    /// The `errno` that reading ended with; `nil` when the part or the file was read to its end.
    let error: Int32?

    init(of descriptor: Int32, at offset: UInt64, count: Int) {
        var error: Int32?
        unsafe bytes = [UInt8](unsafeUninitializedCapacity: count) { memory, filled in
            unsafe (filled, error) = Self.read(descriptor, at: offset, into: UnsafeMutableRawBufferPointer(memory))
        }
        self.error = error
    }

    /// The same into memory that is there.
    ///
    /// - Returns: How many bytes were read, and the `errno` that reading ended with.
    static func read(
        _ descriptor: Int32,
        at offset: UInt64,
        into memory: UnsafeMutableRawBufferPointer
    ) -> (count: Int, error: Int32?) {
        var filled = 0
        while filled < memory.count {
            let left = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
            let read = unsafe pread(descriptor, left.baseAddress, left.count, off_t(offset) + off_t(filled))
            if read < 0, errno == EINTR { continue }
            if read < 0 { return (filled, errno) }
            guard read > 0 else { break }
            filled += read
        }
        return (filled, nil)
    }
}
