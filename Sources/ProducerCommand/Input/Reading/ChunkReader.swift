// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import Platform

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

    /// How long nothing may come through a FIFO before a person hears of it, in milliseconds.
    private static let patience: Int32 = 1000

    let source: InputSource
    let kind: InputDescriptor.Kind
    /// Bytes read so far.
    private(set) var offset: UInt64
    private let descriptor: InputDescriptor
    /// Ends its waits.
    var wakeUp: WakeUp
    /// Reads in place of the descriptor, if there is one, and keeps what it reads.
    private let tape: StreamTape?
    /// Decompresses the input, if it is compressed.
    private var expander: InputExpander?
    /// How many bytes that gave.
    private var expanded: UInt64 = 0
    /// Makes UTF-8 of the input, if it is something else.
    private var converter: InputConverter?
    /// Whether the first bytes are to show if the input is compressed.
    private var isExpandable: Bool
    private let outlivesWriters: Bool
    private let notices: InputNotices
    /// Whether it was reported, if need be, that no process writes into the FIFO.
    private var isWriterKnown = false
    private let isPipe: Bool
    /// The file's size when it was opened.
    private let sizeAtOpening: off_t

    /// How much of what is read is passed first.
    private var passed: UInt64 = 0

    /// Begins at `offset` of a regular file, or of a tape; of what is compressed or written in another encoding the bytes before
    /// that are read and passed. A FIFO that `outlivesWriters` does not end with the last of them.
    init(
        opening source: InputSource,
        wakeUp: WakeUp,
        from offset: UInt64 = 0,
        of tape: StreamTape? = nil,
        outlivesWriters: Bool = false,
        form: InputForm = InputForm(),
        notices: InputNotices = InputNotices()
    ) throws(InputError) {
        let descriptor = try InputDescriptor(opening: source, outlivesWriters: outlivesWriters)
        // A tape has them as they are wanted.
        let form = tape == nil ? form : InputForm()
        let changes = offset > 0 && form.changes(descriptor)
        if changes { passed = offset }
        if offset > 0, tape == nil, !changes, lseek(descriptor.number, off_t(offset), SEEK_SET) < 0 {
            throw InputError(input: source.name, reason: .cannotRead(errno, offset: offset))
        }
        let kind = try descriptor.kind(of: source)
        descriptor.prepare(for: kind)
        sizeAtOpening = descriptor.size ?? 0
        isPipe = descriptor.isPipe
        // What lies in the middle of a file is not the beginning of anything.
        isExpandable = form.expands && (offset == 0 || changes)
        converter = InputConverter(form.encoding)
        tape?.rewind(to: offset, wakeUp: wakeUp)
        self.tape = tape
        self.offset = changes ? 0 : offset
        self.notices = notices
        self.outlivesWriters = outlivesWriters
        self.source = source
        self.kind = kind
        self.descriptor = descriptor
        self.wakeUp = wakeUp
    }

    /// Whether what is read is not what is stored.
    var changesBytes: Bool { expander != nil || converter != nil || tape != nil }

    /// Reads what there is, up to the size of `memory`; of a compressed input, what is in it; as UTF-8.
    @available(*, noasync)
    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(InputError) -> Outcome {
        while passed > 0 {
            guard case .bytes(let count) = unsafe try readText(into: memory) else {
                return wakeUp.isWoken ? .interrupted : .end
            }
            guard UInt64(count) > passed else {
                passed -= UInt64(count)
                continue
            }
            let rest = Int(passed)..<count
            passed = 0
            unsafe memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[rest]))
            return .bytes(rest.count)
        }
        return unsafe try readText(into: memory)
    }

    @available(*, noasync)
    private mutating func readText(into memory: UnsafeMutableRawBufferPointer) throws(InputError) -> Outcome {
        guard var converter = converter.take() else { return unsafe try readContent(into: memory) }
        defer { self.converter = converter }
        return unsafe try converter.read(into: memory) { part throws(InputError) in unsafe try readContent(into: part) }
    }

    @available(*, noasync)
    private mutating func readContent(into memory: UnsafeMutableRawBufferPointer) throws(InputError) -> Outcome {
        if let expander { return unsafe try readExpanded(expander, into: memory) }
        let outcome = unsafe try readStored(into: memory)
        guard isExpandable, case .bytes(let count) = outcome else { return outcome }
        return unsafe try begin(memory, count)
    }

    /// Finds out whether an input is compressed whose first bytes were read.
    @available(*, noasync)
    private mutating func begin(
        _ memory: UnsafeMutableRawBufferPointer,
        _ first: Int
    ) throws(InputError) -> Outcome {
        var count = first
        while unsafe InputExpander.mayBeBeginning(UnsafeRawBufferPointer(rebasing: memory[..<count])),
            count < memory.count
        {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[count...])
            guard case .bytes(let more) = unsafe try readStored(into: rest) else { break }
            count += more
        }
        isExpandable = false
        let beginning = unsafe UnsafeRawBufferPointer(rebasing: memory[..<count])
        guard let format = unsafe InputExpander.format(of: beginning) else { return .bytes(count) }
        do throws(CompressionError) {
            expander = unsafe try InputExpander(format, beginning: beginning)
        } catch {
            throw InputError(input: source.name, reason: .damaged("\(error)", offset: 0))
        }
        return unsafe try readContent(into: memory)
    }

    @available(*, noasync)
    private mutating func readExpanded(
        _ expander: InputExpander,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(InputError) -> Outcome {
        while true {
            do throws(CompressionError) {
                var count = unsafe try expander.expand(into: memory)
                if count == 0 { count = unsafe try expander.flush(into: memory) }
                expanded += UInt64(count)
                if count > 0 { return .bytes(count) }
            } catch {
                throw InputError(input: source.name, reason: .damaged("\(error)", offset: expanded))
            }
            switch unsafe try expander.fill({ room throws(InputError) in unsafe try readStored(into: room) }) {
            case .bytes: continue
            case .interrupted: return .interrupted
            case .end:
                guard expander.isWhole else {
                    let text = "the compressed bytes end too early"
                    throw InputError(input: source.name, reason: .damaged(text, offset: expanded))
                }
                return .end
            }
        }
    }

    /// Reads what is stored, up to the size of `memory`.
    @available(*, noasync)
    private mutating func readStored(into memory: UnsafeMutableRawBufferPointer) throws(InputError) -> Outcome {
        if let tape { return unsafe try tape.read(into: memory) }
        while true {
            var hasWaited = false
            if case .stream = kind {
                switch wait() {
                case .readable: break
                case .woken: return .interrupted
                case .timedOut: hasWaited = true
                }
            } else if wakeUp.isWoken {
                return .interrupted
            }
            let count = unsafe descriptor.read(into: memory)
            if count > 0 {
                offset += UInt64(count)
                return .bytes(count)
            }
            let code = errno
            // Without a writer a FIFO can be read, and gives nothing; with one it cannot.
            if hasWaited {
                reportWait(hasWriter: count < 0)
                continue
            }
            if count == 0 {
                guard case .regular = kind else { return .end }
                try checkEnd()
                return .end
            }
            // Another process may have made a shared descriptor non-blocking: then poll says when to try again.
            guard code == EINTR || code == EAGAIN || code == EWOULDBLOCK else {
                throw InputError(input: source.name, reason: .cannotRead(code, offset: offset))
            }
        }
    }

    /// Whether more has come through a pipe already, or its end, so that a further read neither waits nor fails. A file gives
    /// all at once that is asked for.
    var hasMore: Bool {
        guard isPipe else { return false }
        return wakeUp.wait(for: descriptor.number, milliseconds: 0) == .readable
    }

    /// Whether nothing follows what was read: a file at its end, a pipe that its writers have left.
    var isAtEnd: Bool {
        guard expander?.isEmpty ?? true else { return false }
        return switch kind {
        case .regular: descriptor.isAtEndOfFile
        case .stream: wakeUp.hasHungUp(descriptor.number)
        }
    }

    @available(*, noasync)
    private func wait() -> WakeUp.Outcome {
        guard descriptor.isNamedPipe, !isWriterKnown, offset == 0 else { return wakeUp.wait(for: descriptor.number) }
        return wakeUp.wait(for: descriptor.number, milliseconds: Self.patience)
    }

    /// Says, after a while without a byte, that no process writes into the FIFO.
    private mutating func reportWait(hasWriter: Bool) {
        isWriterKnown = true
        if outlivesWriters {
            // This process is a writer itself.
            notices.report("nothing has come through \(source.name) yet; waiting for a writer")
        } else if !hasWriter {
            notices.report("waiting for a writer to \(source.name)")
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
}
