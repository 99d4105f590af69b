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
    private(set) var offset: UInt64 = 0
    private let descriptor: InputDescriptor
    private let wakeUp: WakeUp

    init(opening source: InputSource, wakeUp: WakeUp) throws(InputError) {
        let descriptor = try InputDescriptor(opening: source)
        let kind = try descriptor.kind(of: source)
        descriptor.prepare(for: kind)
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
            if count == 0 { return .end }
            let code = errno
            // Another process may have made a shared descriptor non-blocking: then poll says when to try again.
            guard code == EINTR || code == EAGAIN || code == EWOULDBLOCK else {
                throw InputError(input: source.name, reason: .cannotRead(code, offset: offset))
            }
        }
    }
}
