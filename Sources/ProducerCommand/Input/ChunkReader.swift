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
/// A failed read is never taken for the end of the input: it throws, with the number of bytes read before it. Nor is a
/// file that became shorter than it was.
struct ChunkReader: ~Copyable {
    enum Outcome: Equatable, Sendable {
        case bytes(Int)
        case end
        case interrupted
    }

    /// Why a file that is followed ended all the same: reading goes on at the beginning of what has its name now.
    enum Successor: Equatable, Sendable {
        /// Another file has the name.
        case newFile
        /// The file was cut off.
        case truncated
    }

    let source: InputSource
    let kind: InputDescriptor.Kind
    /// Bytes read so far.
    private(set) var offset: UInt64
    /// What follows the end that was just read.
    private(set) var successor: Successor?
    private let descriptor: InputDescriptor
    private let wakeUp: WakeUp
    private let follows: Bool
    private let tell: @Sendable (String) -> Void
    /// The file's size when it was opened.
    private let sizeAtOpening: off_t

    /// Begins at `offset` of a regular file. If it `follows`, the end is waited out: a file's growth or successor, a
    /// FIFO's next writer; and `tell` is what a person should know of that.
    init(
        opening source: InputSource,
        wakeUp: WakeUp,
        from offset: UInt64 = 0,
        follows: Bool = false,
        tell: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(InputError) {
        let descriptor = try InputDescriptor(opening: source, outlivesWriters: follows)
        if offset > 0, lseek(descriptor.number, off_t(offset), SEEK_SET) < 0 {
            throw InputError(input: source.name, reason: .cannotRead(errno, offset: offset))
        }
        let kind = try descriptor.kind(of: source)
        descriptor.prepare(for: kind)
        sizeAtOpening = descriptor.size ?? 0
        self.offset = offset
        self.follows = follows
        self.tell = tell
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
                guard case .regular = kind else { return .end }
                guard follows else {
                    try checkEnd()
                    return .end
                }
                switch try waitForMore() {
                case .growth: continue
                case .interrupted: return .interrupted
                case .successor(let successor):
                    self.successor = successor
                    return .end
                }
            }
            let code = errno
            // Another process may have made a shared descriptor non-blocking: then poll says when to try again.
            guard code == EINTR || code == EAGAIN || code == EWOULDBLOCK else {
                throw InputError(input: source.name, reason: .cannotRead(code, offset: offset))
            }
        }
    }

    /// Throws when the file ends before the place where it ended when it was opened. Files that the system makes up as they
    /// are read may give less than their size says, but that size stays.
    private func checkEnd() throws(InputError) {
        guard let size = descriptor.size, size < sizeAtOpening else { return }
        let position = lseek(descriptor.number, 0, SEEK_CUR)
        guard position < sizeAtOpening else { return }
        throw InputError(input: source.name, reason: .truncated(offset: offset, size: UInt64(sizeAtOpening)))
    }

    private enum More {
        case growth
        case interrupted
        case successor(Successor)
    }

    /// Looks a few times a second whether the file has grown, was cut off, or another one has its name.
    @available(*, noasync)
    private func waitForMore() throws(InputError) -> More {
        var isMissingTold = false
        while !wakeUp.wait(milliseconds: 200) {
            guard let size = descriptor.size else {
                throw InputError(input: source.name, reason: .cannotRead(errno, offset: offset))
            }
            if size < off_t(offset) { return .successor(.truncated) }
            if size > off_t(offset) { return .growth }
            switch descriptor.name(of: source) {
            case .same: isMissingTold = false
            case .another:
                // What was written between the two looks is read first.
                return (descriptor.size ?? 0) > off_t(offset) ? .growth : .successor(.newFile)
            case .none where !isMissingTold:
                isMissingTold = true
                tell("\(source.name) is gone: renamed or removed; waiting for a new file of this name")
            case .none: break
            }
        }
        return .interrupted
    }
}
