// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaProducer
import Synchronization

/// Follows a load and keeps its checkpoint file up to date.
///
/// The file is replaced, and put on the disk, five times a second and at the end. Where more is delivered than `step` in
/// between, a thread appends how far the load is, so that a killed run is behind by little more at any speed.
final class CheckpointKeeper: Sendable {
    /// How long a checkpoint may be behind, in seconds: what a killed run has sent since is sent again.
    private static let interval = 0.2
    /// How many bytes of the inputs it may be behind. A write costs some microseconds, which is little beside sending these.
    private static let step: UInt64 = 2 << 20

    private struct State {
        var tracker = CheckpointTracker()
        /// What was begun to be read, in this order.
        var begins: [Begin] = []
        /// Where inputs were read to their ends, whose size does not say it.
        var ends: [(input: Int, mark: CheckpointTracker.Mark)] = []
        /// Hashes of files that were shorter than what is hashed when this run began.
        var fingerprints: [FileFingerprint] = []
        /// What the file says.
        var written: Checkpoint
        /// What it said when it was put on the disk.
        var onDisk: Checkpoint
        var writtenAt = 0.0
        /// Where the load was, over all inputs, when something was written last.
        var writtenTo: UInt64 = 0
        /// Whether the thread is to append.
        var isAppending = false
        var isEnded = false
        var failure: Int32?
    }

    /// The beginning of an input, or of the file that took its place.
    private struct Begin {
        /// Nil for a file that has lost its place to another one, and has grown all the same.
        var input: Int?
        /// Where it begins, or goes on, over all inputs.
        var mark: CheckpointTracker.Mark
        /// Where its first byte and record would be, over all inputs.
        var origin: CheckpointTracker.Mark
        /// Of the file that took the input's place.
        var successor: FileFingerprint?
    }

    private let file: CheckpointFile
    /// The file's path.
    var path: String { file.path }
    private let start: CheckpointStart
    private let deadLetters: DeadLetterWriter?
    private let console: Console
    private let state: Mutex<State>
    private let work = DispatchSemaphore(value: 0)

    init(file: CheckpointFile, start: CheckpointStart, deadLetters: DeadLetterWriter?, console: Console) {
        self.file = file
        self.start = start
        self.deadLetters = deadLetters
        self.console = console
        state = Mutex(State(written: start.base, onDisk: start.base))
        // Without a thread for it, only the whole file is written, in its turn.
        _ = BlockingThread.start { self.appendUntilEnd() }
    }

    /// Whether the file does not say all that it should.
    var isIncomplete: Bool { state.withLock { $0.failure != nil } }

    /// Where to begin in the input of this number.
    func start(ofInput index: Int) -> (records: UInt64, offset: UInt64) {
        (start.base.files[index].records, start.base.files[index].offset)
    }

    /// Where the input of this number goes on, if it is a followed log that was renamed since the last run.
    func rotated(ofInput index: Int) -> RotatedLog? { index == start.inputCount - 1 ? start.renamed : nil }

    /// Whether the input of this number was not there when the run began.
    func awaits(input index: Int) -> Bool { start.base.files[index].fingerprint == .none }

    /// The input of this number begins at `mark`, and reading it at `reading`; or the file of the fingerprint `successor`,
    /// which has taken its place.
    func began(
        input: Int,
        at mark: CheckpointTracker.Mark,
        reading: CheckpointTracker.Mark,
        replacing successor: FileFingerprint? = nil
    ) {
        state.withLock { state in
            state.begins.append(Begin(input: input, mark: mark, origin: mark, successor: successor))
            if let successor { state.fingerprints.removeAll { $0.inode == successor.inode } }
            state.tracker.read(to: mark)
            state.tracker.skip(to: reading)
        }
    }

    /// The input of this number was read to its end, which is at `mark`.
    func ended(input: Int, at mark: CheckpointTracker.Mark) {
        guard start.base.files[input].content != nil else { return }
        state.withLock { state in
            state.tracker.read(to: mark)
            state.ends.append((input, mark))
        }
    }

    /// At `mark` a file goes on that had been left, and whose beginning would be at `origin`: the input of this number, or
    /// with nil a file that has lost its place, and of which nothing is kept.
    func resumed(input: Int?, at mark: CheckpointTracker.Mark, origin: CheckpointTracker.Mark) {
        state.withLock { state in
            state.begins.append(Begin(input: input, mark: mark, origin: origin))
            state.tracker.read(to: mark)
        }
    }

    /// Everything before `mark` is handed over or refused.
    func read(to mark: CheckpointTracker.Mark) { state.withLock { $0.tracker.read(to: mark) } }

    /// A record that was refused before it was sent; called after its dead letter was handed to the writer.
    func refused(_ mark: CheckpointTracker.Mark) {
        state.withLock { state in
            if deadLetters == nil {
                state.tracker.lose(mark)
            } else {
                state.tracker.settle(count: 1) { _ in mark.record }
            }
        }
    }

    /// A record that is left out.
    func passed(_ mark: CheckpointTracker.Mark) { state.withLock { $0.tracker.settle(count: 1) { _ in mark.record } } }

    /// A batch that is delivered, or failed; called after its dead letters were handed to the writer.
    func settled(_ report: borrowing DeliveryReport) {
        let isFailed = if case .failed = report.outcome { true } else { false }
        settled(count: report.recordCount, isFailed: isFailed) { index in
            report.tag(ofRecord: index).map { CheckpointTracker.Mark(record: $0.number, offset: $0.offset) }
        }
    }

    /// So many records, which lie at `mark(0)`, `mark(1)` and so on, are delivered, or have failed.
    func settled(count: Int, isFailed: Bool, mark: (Int) -> CheckpointTracker.Mark?) {
        let isLost = isFailed && deadLetters == nil
        let wakes = state.withLock { state in
            if isLost, let mark = mark(0) { state.tracker.lose(mark) }
            // The first record of a lost batch is a barrier; the others of the batch come after it.
            let first = isLost ? 1 : 0
            state.tracker.settle(count: max(0, count - first)) { index in mark(index + first)?.record ?? .max }
            let isDue = state.tracker.settled.offset >= state.writtenTo + Self.step
            guard isDue, !state.isAppending, !state.isEnded, state.failure == nil else { return false }
            state.isAppending = true
            return true
        }
        if wakes { work.signal() }
    }

    /// Writes the file if it is behind for long enough, or if this is the end. Blocks until it is on the disk.
    @available(*, noasync)
    func write(at time: Double, isEnd: Bool) {
        let checkpoint = state.withLock { state -> Checkpoint? in
            if isEnd { state.isEnded = true }
            guard state.failure == nil, isEnd || time - state.writtenAt >= Self.interval else { return nil }
            let checkpoint = current(state)
            return checkpoint == state.onDisk ? nil : checkpoint
        }
        if isEnd { work.signal() }
        guard var checkpoint else { return }
        hashMore(&checkpoint)
        // What is passed because it is kept as a dead letter must be on the disk first.
        guard deadLetters?.areOnDisk() ?? true else {
            guard isEnd else { return }
            state.withLock { $0.failure = 0 }
            return console.error("\(file.path) stays behind, since dead letters could not be written")
        }
        let failure = file.write(checkpoint.text) { replaced(by: checkpoint) }
        state.withLock { $0.writtenAt = time }
        guard let failure else { return console.detail("checkpoint: \(checkpoint.summary(ofFirst: start.inputCount))") }
        state.withLock { $0.failure = failure }
        console.error(
            "cannot write the checkpoint \(file.path): \(SystemError.text(failure)); a later run goes on where it says"
        )
    }

    /// The file says what `checkpoint` does now. Returns what was appended to the old one meanwhile, which must not be lost.
    private func replaced(by checkpoint: Checkpoint) -> String {
        state.withLock { state in
            let progress = state.written.progress(since: checkpoint) ?? ""
            state.onDisk = checkpoint
            if progress.isEmpty { state.written = checkpoint }
            return progress
        }
    }

    private func appendUntilEnd() {
        while true {
            work.wait()
            guard !state.withLock(\.isEnded) else { return }
            append()
        }
    }

    /// Appends how far the load is. What fails is tried again with the next replacement, which reports it.
    private func append() {
        let checkpoint = state.withLock { state in
            state.isAppending = false
            state.writtenTo = state.tracker.settled.offset
            return current(state)
        }
        guard deadLetters?.areOnDisk() ?? true else { return }
        _ = file.append {
            state.withLock { state in
                guard let progress = checkpoint.progress(since: state.written) else { return nil }
                state.written = checkpoint
                return progress
            }
        }
    }

    private func current(_ state: State) -> Checkpoint {
        var checkpoint = start.base
        let settled = state.tracker.settled
        for (index, begin) in state.begins.enumerated() {
            guard let input = begin.input else { continue }
            let origin = begin.origin
            if let successor = begin.successor {
                // The file before it has to be delivered as a whole.
                guard settled.offset >= begin.mark.offset else { continue }
                let name = checkpoint.files[input].name
                checkpoint.files[input] = Checkpoint.File(name: name, fingerprint: successor, offset: 0, records: 0)
            }
            let next = index + 1 < state.begins.count ? state.begins[index + 1].mark : nil
            let end = if let next, next.offset <= settled.offset { next } else { settled }
            guard end.offset > origin.offset + checkpoint.files[input].offset else { continue }
            checkpoint.files[input].offset = end.offset - origin.offset
            checkpoint.files[input].records = end.record - origin.record
            guard checkpoint.files[input].content == nil else { continue }
            let size = checkpoint.files[input].fingerprint.size
            checkpoint.files[input].fingerprint.size = max(size, end.offset - origin.offset)
        }
        for end in state.ends where settled.offset >= end.mark.offset && settled.record >= end.mark.record {
            checkpoint.files[end.input].content?.isWhole = true
        }
        for index in checkpoint.files.indices { adopt(state.fingerprints, &checkpoint.files[index]) }
        return checkpoint
    }

    /// Takes the fingerprint with more of the file's beginning in it.
    private func adopt(_ fingerprints: [FileFingerprint], _ file: inout Checkpoint.File) {
        for known in fingerprints
        where known.inode == file.fingerprint.inode && known.hashedBytes > file.fingerprint.hashedBytes {
            (file.fingerprint.hashedBytes, file.fingerprint.hash) = (known.hashedBytes, known.hash)
        }
    }

    /// Hashes more of the beginning of files that were short, such as logs that have just been begun.
    private func hashMore(_ checkpoint: inout Checkpoint) {
        for index in checkpoint.files.indices {
            let known = checkpoint.files[index]
            guard known.content == nil else { continue }
            let wanted = Int(min(known.offset, UInt64(FileFingerprint.hashLimit)))
            guard known.fingerprint.hashedBytes < wanted,
                let more = try? FileFingerprint(of: known.name, hashing: wanted),
                more.inode == known.fingerprint.inode, more.hashedBytes == wanted
            else { continue }
            state.withLock { state in
                state.fingerprints.removeAll { $0.inode == more.inode }
                state.fingerprints.append(more)
            }
            adopt([more], &checkpoint.files[index])
        }
    }
}
