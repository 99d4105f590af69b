// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Follows a load and keeps its checkpoint file up to date.
final class CheckpointKeeper: Sendable {
    /// How long a checkpoint may be behind, in seconds.
    private static let interval = 1.0

    private struct State {
        var tracker = CheckpointTracker()
        /// Where each input that was begun begins, over all inputs.
        var begins: [CheckpointTracker.Mark] = []
        var written: Checkpoint?
        var writtenAt = 0.0
        var failure: Int32?
    }

    private let file: CheckpointFile
    /// What the run begins with.
    private let base: Checkpoint
    private let deadLetters: DeadLetterWriter?
    private let console: Console
    private let state = Mutex(State())

    init(file: CheckpointFile, base: Checkpoint, deadLetters: DeadLetterWriter?, console: Console) {
        self.file = file
        self.base = base
        self.deadLetters = deadLetters
        self.console = console
    }

    /// Whether the file does not say all that it should.
    var isIncomplete: Bool { state.withLock { $0.failure != nil } }

    /// Where to begin in the input of this number.
    func start(ofInput index: Int) -> (records: UInt64, offset: UInt64) {
        (base.files[index].records, base.files[index].offset)
    }

    /// The next input begins at `mark`, and reading it at `reading`.
    func began(at mark: CheckpointTracker.Mark, reading: CheckpointTracker.Mark) {
        state.withLock { state in
            state.begins.append(mark)
            state.tracker.read(to: mark)
            state.tracker.skip(to: reading)
        }
    }

    /// Everything before `mark` is handed over or refused.
    func read(to mark: CheckpointTracker.Mark) { state.withLock { $0.tracker.read(to: mark) } }

    /// A record that was refused before it was sent; called after its dead letter is on its way.
    func refused(_ mark: CheckpointTracker.Mark) {
        state.withLock { state in
            if deadLetters == nil {
                state.tracker.lose(mark)
            } else {
                state.tracker.settle(count: 1) { _ in mark.record }
            }
        }
    }

    /// A batch that is delivered, or failed; called after its dead letters are on their way.
    func settled(_ report: DeliveryReport) {
        let isLost = if case .failed = report.outcome { deadLetters == nil } else { false }
        state.withLock { state in
            if isLost, let position = report.position(ofRecord: 0) {
                state.tracker.lose(CheckpointTracker.Mark(record: position.line, offset: position.offset))
            }
            // The first record of a lost batch is a barrier; the others of the batch come after it.
            let first = isLost ? 1 : 0
            state.tracker.settle(count: max(0, report.recordCount - first)) { index in
                report.position(ofRecord: index + first)?.line ?? .max
            }
        }
    }

    /// Writes the file if it is behind for long enough, or if this is the end. Blocks until it is on the disk.
    @available(*, noasync)
    func write(at time: Double, isEnd: Bool) {
        let checkpoint = state.withLock { state -> Checkpoint? in
            guard state.failure == nil, isEnd || time - state.writtenAt >= Self.interval else { return nil }
            let checkpoint = current(state)
            return checkpoint == state.written ? nil : checkpoint
        }
        guard let checkpoint else { return }
        // What is passed because it is kept as a dead letter must be on the disk first.
        guard deadLetters?.areOnDisk() ?? true else {
            guard isEnd else { return }
            state.withLock { $0.failure = 0 }
            return console.error("\(file.path) stays behind, since dead letters could not be written")
        }
        let failure = file.write(checkpoint)
        state.withLock { state in
            state.failure = failure
            (state.written, state.writtenAt) = (checkpoint, time)
        }
        guard let failure else { return console.detail("checkpoint: \(checkpoint.summary)") }
        console.error(
            "cannot write the checkpoint \(file.path): \(SystemError.text(failure)); a later run goes on where it says"
        )
    }

    private func current(_ state: State) -> Checkpoint {
        var checkpoint = base
        let settled = state.tracker.settled
        for (index, begin) in state.begins.enumerated() {
            let next = index + 1 < state.begins.count ? state.begins[index + 1] : nil
            let end = if let next, next.offset <= settled.offset { next } else { settled }
            guard end.offset > begin.offset + checkpoint.files[index].offset else { continue }
            checkpoint.files[index].offset = end.offset - begin.offset
            checkpoint.files[index].records = end.record - begin.record
            let size = checkpoint.files[index].fingerprint.size
            checkpoint.files[index].fingerprint.size = max(size, end.offset - begin.offset)
        }
        return checkpoint
    }
}
