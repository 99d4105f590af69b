// SPDX-License-Identifier: Apache-2.0
import Platform
import Synchronization

/// Remembers, in a file beside a dead-letter file, how far `resend` has dealt with it, so that a second run does not send the
/// same records again.
final class ResentFile: Sendable {
    private struct State {
        var lines: DealtLines
        /// What the file says.
        var written: ResentMark
        /// The checksum up to a place before or at what is dealt with.
        var hashed = (offset: UInt64(0), hash: UInt32(0))
        /// Those up to later places, where the reading thread knows them.
        var hashes: [(offset: UInt64, hash: UInt32)] = []
        var failure: Int32?
        /// Whether nothing can be written from the beginning, which was reported then.
        var isUnwritable = false

        /// Takes the last checksum that is known up to a place.
        mutating func passHashes(to end: UInt64) {
            let count = hashes.firstIndex { $0.offset > end } ?? hashes.count
            guard count > 0 else { return }
            if hashes[count - 1].offset > hashed.offset { hashed = hashes[count - 1] }
            hashes.removeFirst(count)
        }
    }

    /// The dead-letter file.
    let name: String
    /// What an earlier run has dealt with.
    let start: ResentMark
    private let descriptor: Int32
    private let file: CheckpointFile
    private let state: Mutex<State>
    private let letters: String

    /// Locks the mark of the file `name`, and begins where it says, or, if that is to be sent `again`, at the first line.
    /// `letters` is where this run keeps what fails; `report` says what a person should know.
    init(of name: String, again: Bool, letters: String, report: (String) -> Void) throws {
        self.name = name
        self.letters = letters.utf8.contains(0x0A) ? "another file" : letters
        file = CheckpointFile(path: name + ".resent", option: "resend")
        descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError(input: name, reason: .cannotOpen(errno)) }
        try file.lock()
        var start = ResentMark()
        if let text = try file.read() {
            guard let mark = ResentMark(text: text) else {
                throw UsageError("\(file.path) is no mark of an earlier resend: give that file another name")
            }
            if !again, mark.records > 0 {
                if let known = try ResentContent(descriptor, name).start(after: mark) {
                    start = known
                    if known.records > 0 { report(known.words(for: name)) }
                } else {
                    report("\(name) is not what \(file.path) is about: all of its records are sent")
                }
            }
        }
        self.start = start
        var state = State(lines: DealtLines(after: start), written: start)
        state.hashed = (start.offset, start.hash)
        self.state = Mutex(state)
    }

    deinit { close(descriptor) }

    /// What the mark's file is, so that no output becomes it.
    var path: String { file.path }

    /// Writes the mark before anything is sent: that it cannot be written is better reported now.
    ///
    /// - Returns: The `errno` of what failed.
    /// - Throws: When another run is at work with the file.
    func begin() throws(UsageError) -> Int32? {
        let code = file.write(start.text)
        if code == EWOULDBLOCK { throw file.isAtWork }
        state.withLock { $0.isUnwritable = code != nil }
        return code
    }

    /// Removes a mark of nothing.
    func removeIfNothingIsDealtWith() {
        if state.withLock({ $0.written.records }) == 0 { file.remove() }
    }

    /// Whether an earlier run has dealt with the line.
    func isDealtWith(_ line: DeadLetterLine) -> Bool { line.offset < start.offset }

    /// All lines up to `line` are read; of those since the last time, so many have a record that is to be sent.
    ///
    /// - Parameters:
    ///   - line: The last of them.
    ///   - records: How many have a record.
    ///   - hash: The checksum of the file up to the end of that line, if it is known.
    func read(to line: DeadLetterLine, records: UInt64, hash: UInt32?) {
        let end = line.size.map { line.offset + UInt64($0) }
        let mark = CheckpointTracker.Mark(
            record: line.number,
            offset: end ?? ResentContent(descriptor, name).endOfLine(at: line.offset)
        )
        state.withLock { state in
            state.lines.read(to: mark, records: records)
            if let hash { state.hashes.append((mark.offset, hash)) }
        }
    }

    /// The lines of these numbers, from 0 and ascending, are delivered, or have failed and the writer has their dead letters.
    func settled(count: Int, isFailed: Bool, number: (Int) -> UInt64) {
        state.withLock { $0.lines.settle(count: count, isFailed: isFailed, number: number) }
    }

    /// Writes the mark, if it is behind; `isKept` says whether the dead letters so far are on the disk. Blocks until the mark
    /// is there too.
    ///
    /// - Returns: What went wrong, once.
    @available(*, noasync)
    func write(isKept: () -> Bool) -> String? {
        let (settled, hashed) = state.withLock { state in
            let settled = state.failure == nil && !state.isUnwritable ? state.lines.settled() : nil
            if let end = settled?.offset { state.passHashes(to: end) }
            return (settled, state.hashed)
        }
        guard let settled, settled.offset > state.withLock({ $0.written.offset }) else { return nil }
        guard isKept() else { return nil }
        guard let hash = ResentContent(descriptor, name).hash(from: hashed, to: settled.offset) else {
            state.withLock { $0.failure = EIO }
            return "\(name) has changed while it was read; \(path) does not say how much of it was sent"
        }
        var mark = ResentMark()
        (mark.offset, mark.records, mark.failed) = settled
        (mark.hash, mark.letters) = (hash, mark.failed > start.failed ? letters : start.letters)
        let failure = file.write(mark.text)
        state.withLock { state in
            state.hashed = (mark.offset, hash)
            if failure == nil { state.written = mark } else { state.failure = failure }
        }
        guard let failure else { return nil }
        return "cannot write \(path): \(SystemError.text(failure)); another resend sends again what it does not say"
    }

    /// Whether the mark does not say all that it should.
    var isIncomplete: Bool {
        state.withLock { state in
            guard !state.isUnwritable else { return false }
            return state.failure != nil || state.lines.settled().offset > state.written.offset
        }
    }
}
