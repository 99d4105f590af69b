// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Hands out the lines of files, some at a time, to whoever cannot block: each read happens on a thread of its own.
final class LineSource: Sendable {
    /// Where a line is.
    struct Position: Sendable {
        var place: InputPlace
        /// Its number over all files, from 0.
        var ordinal: UInt64
    }

    /// A line with its place.
    struct Line: Sendable {
        var position: Position
        /// Without its newline; nil when it was too long to be held.
        var bytes: [UInt8]?

        var place: InputPlace { position.place }
    }

    /// What one read gave.
    enum Outcome: Sendable {
        case lines([Line])
        case end
        case interrupted
        case unreadable(InputError)
    }

    private struct State: ~Copyable {
        var sources: ArraySlice<InputSource>
        var reader: ChunkReader?
        var buffer: InputBuffer
        var lines: LineFinder
    }

    private static let chunkSize = 256 * 1024

    private let wakeUp: WakeUp
    private let notices: InputNotices
    private let longestLine: Int
    private let state: Mutex<State>

    init(sources: [InputSource], longestLine: Int, wakeUp: WakeUp, notices: InputNotices = InputNotices()) {
        self.wakeUp = wakeUp
        self.notices = notices
        self.longestLine = longestLine
        state = Mutex(
            State(
                sources: sources[...],
                reader: nil,
                buffer: InputBuffer(chunkSize: Self.chunkSize, longestRecord: longestLine + 1),
                lines: LineFinder(longestLine: longestLine)
            )
        )
    }

    /// The lines of the next chunk; none of them empty.
    func next() async -> Outcome {
        await BlockingThread.run { self.read() }
    }

    @available(*, noasync)
    private func read() -> Outcome {
        state.withLock { state in
            do throws(InputError) {
                if state.reader == nil {
                    guard let source = state.sources.popFirst() else { return .end }
                    state.reader = try ChunkReader(opening: source, wakeUp: wakeUp, notices: notices)
                    state.lines = LineFinder(longestLine: longestLine, first: state.lines.ordinal)
                }
                return try readChunk(&state)
            } catch {
                return .unreadable(error)
            }
        }
    }

    @available(*, noasync)
    private func readChunk(_ state: inout State) throws(InputError) -> Outcome {
        var lines = state.lines
        let released = lines.splitter.releasable(in: state.buffer.storage.span.extracting(0..<state.buffer.count))
        state.buffer.release(released)
        lines.released(released)
        guard var reader = state.reader.take() else { return .end }
        var outcome = ChunkReader.Outcome.end
        _ = unsafe try state.buffer.fill { memory throws(InputError) in
            outcome = unsafe try reader.read(into: memory)
            return if case .bytes(let count) = outcome { count } else { 0 }
        }
        if outcome == .interrupted {
            // Nothing may be left all the same.
            let isAtEnd =
                state.buffer.count == 0 && lines.splitter.skipped == nil && state.sources.isEmpty && reader.isAtEnd
            state.lines = lines
            state.reader = consume reader
            return isAtEnd ? .end : .interrupted
        }
        let found = lines.found(
            in: state.buffer.storage.span.extracting(0..<state.buffer.count),
            of: reader.source.name,
            isEnd: outcome == .end
        )
        state.lines = lines
        if outcome == .end { state.buffer.release(state.buffer.count) } else { state.reader = consume reader }
        return .lines(found)
    }
}

/// Finds the lines of one input, and counts them.
private struct LineFinder {
    var splitter: RecordSplitter
    private var number: UInt64 = 0
    /// Where the buffer's first byte lies in the input.
    private var base: UInt64 = 0

    /// The number of the next line over all inputs.
    private(set) var ordinal: UInt64

    init(longestLine: Int, first: UInt64 = 0) {
        splitter = RecordSplitter(limit: longestLine)
        ordinal = first
    }

    /// The buffer has let go of `count` bytes at its front.
    mutating func released(_ count: Int) {
        splitter.released(count)
        base += UInt64(count)
    }

    /// The lines that `bytes` holds whole, without empty ones; at the end also what follows the last newline.
    mutating func found(in bytes: Span<UInt8>, of input: String, isEnd: Bool) -> [LineSource.Line] {
        var lines: [LineSource.Line] = []
        if let skipped = splitter.skipped {
            let offset = base + UInt64(splitter.start) - UInt64(skipped)
            var size = splitter.endOfSkipped(in: bytes)
            if size == nil, isEnd { size = splitter.lastOfSkipped(in: bytes) }
            guard size != nil else { return [] }
            lines.append(line(at: offset, of: input, bytes: nil))
        }
        while true {
            var range = splitter.next(in: bytes)
            if range == nil, isEnd { range = splitter.last(in: bytes) }
            guard let range else { return lines }
            let line = line(at: base + UInt64(range.lowerBound), of: input, bytes: bytes.copy(range))
            if !range.isEmpty { lines.append(line) }
        }
    }

    private mutating func line(at offset: UInt64, of input: String, bytes: [UInt8]?) -> LineSource.Line {
        number += 1
        ordinal += 1
        let place = InputPlace(input: input, line: number, offset: offset)
        return LineSource.Line(position: .init(place: place, ordinal: ordinal - 1), bytes: bytes)
    }
}
