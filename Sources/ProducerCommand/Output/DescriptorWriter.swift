// SPDX-License-Identifier: Apache-2.0
import Platform

/// Writes to a file descriptor, without buffering and to the last byte.
enum DescriptorWriter {
    /// What a pipe takes without blocking once it takes anything, in bytes: the least that POSIX grants.
    private static let pieceSize = 512

    /// Writes all of `text` for a person to read. One who takes nothing for a second, on a descriptor that another process
    /// has made non-blocking, and one who is gone, miss it.
    static func report(_ text: String, to descriptor: Int32) {
        _ = write(Array(text.utf8), to: descriptor, patience: 1000)
    }

    /// Writes all of `bytes` to a descriptor that may take nothing for at most `patience` milliseconds, blocking or not.
    ///
    /// - Returns: the `errno` of the write that failed, ETIMEDOUT after that time, `nil` when all is written.
    static func write(_ bytes: [UInt8], to descriptor: Int32, withinPauses patience: Int32) -> Int32? {
        var written = 0
        while written < bytes.count {
            var writable = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let count = unsafe poll(&writable, 1, patience)
            guard count != 0 else { return ETIMEDOUT }
            guard count > 0 || errno == EINTR else { return errno }
            guard count > 0 else { continue }
            let end = min(bytes.count, written + pieceSize)
            if let code = write(Array(bytes[written..<end]), to: descriptor, patience: patience) { return code }
            written = end
        }
        return nil
    }

    /// Writes all of `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: what to write.
    ///   - descriptor: where to.
    ///   - patience: for how many milliseconds a descriptor may take nothing that another process has made non-blocking;
    ///     -1 for ever. Default: for ever.
    /// - Returns: the `errno` of the write that failed, `nil` when all is written.
    static func write(_ bytes: [UInt8], to descriptor: Int32, patience: Int32 = -1) -> Int32? {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { memory in
                unsafe call(descriptor, UnsafeRawBufferPointer(rebasing: memory[written...]))
            }
            if count >= 0 {
                written += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var writable = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard unsafe poll(&writable, 1, patience) != 0 else { return EAGAIN }
            default: return errno
            }
        }
        return nil
    }

    private static func call(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        unsafe Platform.write(descriptor, bytes.baseAddress, bytes.count)
    }
}
