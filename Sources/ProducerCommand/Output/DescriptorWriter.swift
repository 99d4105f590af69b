// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes to a file descriptor, without buffering and to the last byte.
enum DescriptorWriter {
    /// Writes all of `text`, on a descriptor that takes nothing for no longer than a second; returns whether that worked.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        write(Array(text.utf8), to: descriptor, patience: 1000) == nil
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
        #if canImport(Glibc)
            unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
            unsafe Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
