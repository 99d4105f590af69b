// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// An input that cannot be read again, with the bytes of it that are not committed yet: a transaction that is repeated is read
/// from these. Of those before, a hash remains.
///
/// One thread reads at a time; another may ask for hashes meanwhile.
final class StreamTape: Sendable {
    private struct State: Sendable {
        /// Of everything before the kept bytes.
        var hash = StreamHash()
        /// What was read and is not committed, in the pieces in which it came.
        var pieces: [[UInt8]] = []
        /// How many bytes of the first piece are committed.
        var used = 0
        /// Where the next read goes on, in bytes from the beginning.
        var cursor: UInt64 = 0
        /// How much was ever read of the input.
        var end: UInt64 = 0
        var isEnded = false

        /// Where the kept bytes begin.
        var start: UInt64 { hash.count }
    }

    /// How much is read at once while bytes are passed.
    private static let passedAtOnce = 1 << 18

    private let source: InputSource
    private let reader: Mutex<ChunkReader>
    private let state = Mutex(State())

    /// Opens the input. A FIFO that `outlivesWriters` does not end with the last of them.
    init(
        opening source: InputSource,
        wakeUp: WakeUp,
        outlivesWriters: Bool,
        form: InputForm = InputForm(),
        notices: InputNotices
    ) throws(InputError) {
        self.source = source
        let reader = try ChunkReader(
            opening: source,
            wakeUp: wakeUp,
            outlivesWriters: outlivesWriters,
            form: form,
            notices: notices
        )
        self.reader = Mutex(reader)
    }

    /// Passes bytes up to `place`, which an earlier run has committed, and insists on their hash. Called before anything is
    /// read; again with a later place if another run has come further.
    ///
    /// - Returns: false when that was interrupted.
    /// - Throws: ``LoadRefusal`` when the bytes are others, and ``InputError``.
    @available(*, noasync)
    func pass(to place: UInt64, hash: UInt64) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.passedAtOnce)
        while true {
            let passed = state.withLock { $0.hash.count }
            guard passed < place else { break }
            // All that there is room for: a decoder needs some. What lies behind the place is kept.
            let outcome = unsafe try buffer.withUnsafeMutableBytes { memory throws(InputError) in
                try reader.withLock { reader throws(InputError) in unsafe try reader.read(into: memory) }
            }
            switch outcome {
            case .interrupted: return false
            case .end: throw LoadRefusal.shorterStream(source.name, committed: place, size: passed)
            case .bytes(let count):
                let used = Int(min(place - passed, UInt64(count)))
                let bytes = buffer.span.extracting(0..<used)
                let rest = Array(buffer[used..<count])
                state.withLock { state in
                    state.hash.append(bytes)
                    if !rest.isEmpty { state.pieces.append(rest) }
                    (state.cursor, state.end) = (state.start, state.start + UInt64(rest.count))
                }
            }
        }
        guard state.withLock({ $0.hash.value }) == hash else {
            throw LoadRefusal.otherStream(source.name, committed: place)
        }
        return true
    }

    /// The next read begins at `place` again, which is not committed yet; waits of reads end by `wakeUp` from now on.
    func rewind(to place: UInt64, wakeUp: WakeUp) {
        reader.withLock { $0.wakeUp = wakeUp }
        state.withLock { state in state.cursor = min(max(place, state.start), state.end) }
    }

    /// Reads on, what is kept first.
    @available(*, noasync)
    func read(into memory: UnsafeMutableRawBufferPointer) throws(InputError) -> ChunkReader.Outcome {
        let kept = state.withLock { state in unsafe Self.replay(&state, into: memory) }
        if let kept { return kept }
        let outcome = try reader.withLock { reader throws(InputError) in unsafe try reader.read(into: memory) }
        switch outcome {
        case .interrupted: break
        case .end: state.withLock { $0.isEnded = true }
        case .bytes(let count):
            let piece = unsafe [UInt8](UnsafeRawBufferPointer(rebasing: memory[..<count]))
            state.withLock { state in
                state.pieces.append(piece)
                state.end += UInt64(count)
                state.cursor = state.end
            }
        }
        return outcome
    }

    private static func replay(
        _ state: inout State,
        into memory: UnsafeMutableRawBufferPointer
    ) -> ChunkReader.Outcome? {
        guard state.cursor < state.end else { return state.isEnded ? .end : nil }
        var begin = state.start - UInt64(state.used)
        for piece in state.pieces {
            let end = begin + UInt64(piece.count)
            guard state.cursor >= end else {
                let from = Int(state.cursor - begin)
                let count = min(piece.count - from, memory.count)
                unsafe memory.copyBytes(from: piece[from..<(from + count)])
                state.cursor += UInt64(count)
                return .bytes(count)
            }
            begin = end
        }
        return nil
    }

    /// The hash of everything before `place`, which is read and not committed yet.
    func hash(to place: UInt64) -> UInt64 { state.withLock { Self.hash($0, to: place).value } }

    /// Everything before `place` is committed: its bytes are not needed again.
    func committed(to place: UInt64) {
        state.withLock { state in
            let target = min(place, state.end)
            guard target > state.start else { return }
            let before = state.start - UInt64(state.used)
            state.hash = Self.hash(state, to: target)
            var begin = before
            var gone = 0
            for piece in state.pieces {
                guard begin + UInt64(piece.count) <= target else { break }
                begin += UInt64(piece.count)
                gone += 1
            }
            state.pieces.removeFirst(gone)
            state.used = Int(target - begin)
        }
    }

    private static func hash(_ state: State, to place: UInt64) -> StreamHash {
        var hash = state.hash
        var skipped = state.used
        for piece in state.pieces where hash.count < place {
            let count = Int(min(UInt64(piece.count - skipped), place - hash.count))
            hash.append(piece.span.extracting(skipped..<(skipped + count)))
            skipped = 0
        }
        return hash
    }
}
