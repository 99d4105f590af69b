// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Platform

/// An open file that is read and written at given positions, closed when the last reference is gone.
final class File {
    let path: String
    private let descriptor: Int32
    private let disk: Disk

    private init(path: String, descriptor: Int32, disk: Disk) {
        self.path = path
        self.descriptor = descriptor
        self.disk = disk
    }

    deinit { close(descriptor) }

    /// Opens a file for reading and writing and makes it if it is not there.
    static func open(_ path: String, mode: mode_t = 0o644, disk: Disk = Disk()) throws(StorageError) -> File {
        let descriptor = retrying { systemOpen(path, O_RDWR | O_CREAT | O_CLOEXEC, mode) }
        guard descriptor >= 0 else { throw StorageError(operation: "open", path: path, code: errno) }
        return File(path: path, descriptor: descriptor, disk: disk)
    }

    /// The file's length in bytes.
    func size() throws(StorageError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure("stat") }
        return Int(status.st_size)
    }

    /// Writes `head` and then `tail` at `position`, in one call to the system where it takes all at once.
    func write(_ head: RawSpan, _ tail: RawSpan, at position: Int) throws(StorageError) {
        guard let fault = disk.willWrite?(path, head.byteCount + tail.byteCount) else {
            return try writeAll(head, tail, at: position)
        }
        try writeAll(
            head.extracting(first: min(fault.written, head.byteCount)),
            tail.extracting(first: min(max(fault.written - head.byteCount, 0), tail.byteCount)),
            at: position
        )
        throw StorageError(operation: "write", path: path, code: fault.code)
    }

    /// Has the system put on the disk what was written.
    func flush() throws(StorageError) {
        if let code = disk.willFlush?(path) { throw StorageError(operation: "flush", path: path, code: code) }
        guard Self.retrying({ fsync(descriptor) }) == 0 else { throw failure("flush") }
    }

    private func writeAll(_ head: RawSpan, _ tail: RawSpan, at position: Int) throws(StorageError) {
        var written = 0
        while written < head.byteCount + tail.byteCount {
            let count = write(
                head.extracting(droppingFirst: min(written, head.byteCount)),
                tail.extracting(droppingFirst: max(written - head.byteCount, 0)),
                offset: position + written
            )
            guard count >= 0 else { throw failure("write") }
            guard count > 0 else { throw StorageError(operation: "write", path: path, code: EIO) }
            written += count
        }
    }

    /// Reads `count` bytes from `position`, fewer where the file ends, and adds them to `buffer`.
    func read(_ count: Int, at position: Int, into buffer: inout ByteBuffer) throws(StorageError) {
        disk.willRead?(path, count)
        var left = count
        while left > 0 {
            let start = position + count - left
            var received = 0
            unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: left) { bytes in
                received = Self.retrying { unsafe pread(descriptor, bytes.baseAddress, left, off_t(start)) }
                return max(received, 0)
            }
            guard received >= 0 else { throw failure("read") }
            if received == 0 { break }
            left -= received
        }
    }

    /// Cuts the file to `size` bytes, or lengthens it.
    func truncate(to size: Int) throws(StorageError) {
        guard Self.retrying({ ftruncate(descriptor, off_t(size)) }) == 0 else { throw failure("truncate") }
    }

    /// Takes the lock that only one open file may hold, or returns false when another one has it.
    func lock() throws(StorageError) -> Bool {
        if Self.retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw failure("lock") }
        return false
    }

    /// Gives the lock back. Closing alone would not be enough: a program that is being started elsewhere in this process
    /// holds a copy of the file until it runs, and with it the lock.
    func unlock() {
        _ = Self.retrying { flock(descriptor, LOCK_UN) }
    }

    private func failure(_ operation: String) -> StorageError {
        StorageError(operation: operation, path: path, code: errno)
    }

    private func write(_ head: RawSpan, _ tail: RawSpan, offset: Int) -> Int {
        unsafe head.withUnsafeBytes { head in
            unsafe tail.withUnsafeBytes { tail in
                let pieces = unsafe [
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: tail.baseAddress), iov_len: tail.count),
                ]
                return Self.retrying { unsafe pwritev(descriptor, pieces, 2, off_t(offset)) }
            }
        }
    }

    private static func retrying<Result: FixedWidthInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            guard result == -1, errno == EINTR else { return result }
        }
    }
}

/// `open` under a name that the type's own function does not hide.
private func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
    unsafe open(path, flags, mode)
}
