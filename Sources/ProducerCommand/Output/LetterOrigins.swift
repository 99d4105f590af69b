// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaProducer
import Synchronization

/// Remembers of each dead letter that is being sent again where its record came from at first, for the case that it fails
/// again.
///
/// The reading thread takes lines in, the event loop settles them a batch at a time. What lies before the first line that is
/// not settled is forgotten. The reading thread waits when that is too far behind.
final class LetterOrigins: Sendable {
    /// What a dead letter said of its record that is not sent.
    struct Origin: Sendable {
        /// The number of its line over all files.
        var line: UInt64
        /// Where the record came from at first, if the letter says.
        var place: InputPlace?
        var hasTimestamp: Bool
    }

    private struct State {
        /// In the order of their lines.
        var origins: [Origin] = []
        /// How many at the front are done with.
        var gone = 0
        var tracker = CheckpointTracker()
        /// The number of the line that is read next.
        var end: UInt64 = 0
        var isAwaited = false

        mutating func forget() {
            let settled = tracker.settled.record
            while gone < origins.count, origins[gone].line < settled { gone += 1 }
            guard gone > 4096, gone > origins.count / 2 else { return }
            origins.removeFirst(gone)
            gone = 0
        }
    }

    /// How many lines may be remembered.
    private let limit: Int
    private let state = Mutex(State())
    private let hasSettled = DispatchSemaphore(value: 0)

    /// - Parameter limit: how many lines may be remembered before the reading thread waits.
    init(limit: Int = 1 << 18) { self.limit = limit }

    /// How many lines are remembered.
    var count: Int { state.withLock { $0.origins.count - $0.gone } }

    /// Takes in a line that is about to be sent, behind those before it.
    func append(_ origin: Origin) { state.withLock { $0.origins.append(origin) } }

    /// The reading thread has dealt with all lines before this number; so many since the last time have a record.
    func read(to line: UInt64, records: UInt64) {
        state.withLock { state in
            guard line > state.end else { return }
            let passed = line - state.end - min(records, line - state.end)
            state.tracker.read(to: CheckpointTracker.Mark(record: line, offset: line), settled: passed)
            state.end = line
            state.forget()
        }
    }

    /// The origins of lines by their numbers, nil for those that are not known.
    func origins(ofLines lines: [UInt64]) -> [Origin?] {
        state.withLock { state in lines.map { Self.find($0, in: state) } }
    }

    private static func find(_ line: UInt64, in state: State) -> Origin? {
        var (low, high) = (state.gone, state.origins.count)
        while low < high {
            let middle = low + (high - low) / 2
            if state.origins[middle].line < line { low = middle + 1 } else { high = middle }
        }
        guard low < state.origins.count, state.origins[low].line == line else { return nil }
        return state.origins[low]
    }

    /// So many lines, whose numbers ascend, are delivered or have failed.
    func settled(count: Int, line: (Int) -> UInt64) {
        let isAwaited = state.withLock { state in
            state.tracker.settle(count: count, record: line)
            state.forget()
            guard state.isAwaited, state.origins.count - state.gone < limit else { return false }
            state.isAwaited = false
            return true
        }
        if isAwaited { hasSettled.signal() }
    }

    /// Blocks the reading thread while too many lines are remembered; for one thread, which has said how far it has read.
    @available(*, noasync)
    func waitForRoom() {
        while true {
            let hasRoom = state.withLock { state in
                state.isAwaited = state.origins.count - state.gone >= limit
                return !state.isAwaited
            }
            if hasRoom { return }
            hasSettled.wait()
        }
    }
}
