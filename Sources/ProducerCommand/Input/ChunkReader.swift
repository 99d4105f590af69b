// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads one input from beginning to end with blocking `read(2)` calls that a `WakeUp` can end.
///
/// A failed read is never taken for the end of the input: it throws, with the number of bytes read before it.
struct ChunkReader: ~Copyable {
    enum Outcome: Equatable, Sendable {
        case bytes(Int)
        case end
        case interrupted
    }

    let source: InputSource
    let kind: InputDescriptor.Kind
    /// Bytes read so far.
    private(set) var offset: UInt64
    private let descriptor: InputDescriptor
    private let wakeUp: WakeUp
    private let follows: Bool

    /// Begins at `offset` of a regular file. If it `follows`, the end is waited out: a file's growth, a FIFO's next writer.
    init(
        opening source: InputSource,
        wakeUp: WakeUp,
        from offset: UInt64 = 0,
        follows: Bool = false
    ) throws(InputError) {
        let descriptor = try InputDescriptor(opening: source, outlivesWriters: follows)
        if offset > 0, lseek(descriptor.number, off_t(offset), SEEK_SET) < 0 {
            throw InputError(input: source.name, reason: .cannotRead(errno, offset: offset))
        }
        let kind = try descriptor.kind(of: source)
        descriptor.prepare(for: kind)
        self.offset = offset
        self.follows = follows
        self.source = source
        self.kind = kind
        self.descriptor = descriptor
        self.wakeUp = wakeUp
    }

    /// Reads what there is, up to the size of `memory`.
    @available(*, noasync)
    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(InputError) -> Outcome {
        while true {
            if case .stream = kind {
                guard wakeUp.wait(for: descriptor.number) == .readable else { return .interrupted }
            } else if wakeUp.isWoken {
                return .interrupted
            }
            let count = unsafe descriptor.read(into: memory)
            if count > 0 {
                offset += UInt64(count)
                return .bytes(count)
            }
            if count == 0 {
                guard follows, case .regular = kind else { return .end }
                guard try waitForGrowth() else { return .interrupted }
                continue
            }
            let code = errno
            // Another process may have made a shared descriptor non-blocking: then poll says when to try again.
            guard code == EINTR || code == EAGAIN || code == EWOULDBLOCK else {
                throw InputError(input: source.name, reason: .cannotRead(code, offset: offset))
            }
        }
    }

    /// Looks a few times a second whether the file has grown; false when reading is to end.
    @available(*, noasync)
    private func waitForGrowth() throws(InputError) -> Bool {
        while !wakeUp.wait(milliseconds: 200) {
            var status = stat()
            guard unsafe fstat(descriptor.number, &status) == 0 else {
                throw InputError(input: source.name, reason: .cannotRead(errno, offset: offset))
            }
            guard status.st_size >= off_t(offset) else {
                throw InputError(input: source.name, reason: .truncated(offset: offset))
            }
            if status.st_size > off_t(offset) { return true }
        }
        return false
    }
}
