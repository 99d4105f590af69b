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

    /// The same with a number for the input, so that nothing is counted for each record.
    struct Letter: Sendable {
        /// The number of its line over all files.
        var line: UInt64
        /// The number of the input that the record came from at first, if the letter says.
        var input: Int?
        /// The record's number in that input.
        var record: UInt64
        /// Where the record began there.
        var offset: UInt64
        var hasTimestamp: Bool
    }

    private struct State {
        /// In the order of their lines.
        var letters: [Letter] = []
        /// The inputs by their numbers.
        var inputs: [String] = []
        var numbers: [String: Int] = [:]
        /// How many at the front are done with.
        var gone = 0
        var tracker = CheckpointTracker()
        /// The number of the line that is read next.
        var end: UInt64 = 0
        var isAwaited = false

        mutating func forget() {
            let settled = tracker.settled.record
            while gone < letters.count, letters[gone].line < settled { gone += 1 }
            guard gone > 4096, gone > letters.count / 2 else { return }
            letters.removeFirst(gone)
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
    var count: Int { state.withLock { $0.letters.count - $0.gone } }

    /// The number of an input.
    func number(ofInput name: String) -> Int {
        state.withLock { state in
            if let number = state.numbers[name] { return number }
            state.numbers[name] = state.inputs.count
            state.inputs.append(name)
            return state.inputs.count - 1
        }
    }

    /// Takes in a line that is about to be sent, behind those before it.
    func append(_ letter: Letter) { state.withLock { $0.letters.append(letter) } }

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
        var (low, high) = (state.gone, state.letters.count)
        while low < high {
            let middle = low + (high - low) / 2
            if state.letters[middle].line < line { low = middle + 1 } else { high = middle }
        }
        guard low < state.letters.count, state.letters[low].line == line else { return nil }
        let letter = state.letters[low]
        let place = letter.input.map { InputPlace(input: state.inputs[$0], line: letter.record, offset: letter.offset) }
        return Origin(line: line, place: place, hasTimestamp: letter.hasTimestamp)
    }

    /// So many lines, whose numbers ascend, are delivered or have failed.
    func settled(count: Int, line: (Int) -> UInt64) {
        let isAwaited = state.withLock { state in
            state.tracker.settle(count: count, record: line)
            state.forget()
            guard state.isAwaited, state.letters.count - state.gone < limit else { return false }
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
                state.isAwaited = state.letters.count - state.gone >= limit
                return !state.isAwaited
            }
            if hasRoom { return }
            hasSettled.wait()
        }
    }
}
