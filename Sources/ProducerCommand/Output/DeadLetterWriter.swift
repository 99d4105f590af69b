// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Writes each failed record to the dead-letter file, and makes sure that it is there before the command exits.
final class DeadLetterWriter: Sendable {
    /// The most bytes that may wait to be written before the reading thread waits. Beside them there is at most what was
    /// under way by then, in the form in which it was sent: a million failures at once do not exhaust memory.
    private static let limit = 32 << 20

    /// Whether `-p` has asked for the partition of all records.
    private let isPartitionExplicit: Bool
    private let output: OpenOutput
    private let console: Console
    private let writer: BackgroundWriter
    private let syncFailed = Atomic<Bool>(false)
    private let isFinished = Atomic<Bool>(false)
    /// How many wait until letters are written: the reading thread, or the end.
    private let waits = Atomic<Int>(0)
    /// What the system has put on the disk, in bytes of this run.
    private let bytesOnDisk = Atomic<UInt64>(0)

    init(output: OpenOutput, isPartitionExplicit: Bool, console: Console) {
        self.output = output
        self.isPartitionExplicit = isPartitionExplicit
        self.console = console
        let name = output.destination.name
        writer = BackgroundWriter(descriptor: output.descriptor) { code in
            console.error(
                "cannot write dead letters to \(name): \(SystemError.text(ofOutput: code)); "
                    + "further failed records are counted, but not kept"
            )
        }
    }

    /// The file, unless failed records are missing in it.
    var file: String? { isIncomplete ? nil : output.destination.name }

    /// Whether failed records are missing in the file.
    var isIncomplete: Bool { writer.hasFailed || syncFailed.load(ordering: .relaxed) }

    /// Called on the event loop for a batch that failed: its letters are made on the writing thread.
    func failed(_ report: borrowing DeliveryReport, places: LetterPlaces) {
        guard let batch = report.kept() else { return }
        let now = TimeText.now()
        writer.appendLater(keeping: batch.keptBytes) { [self] bytes in
            append(batch, places, time: now, to: &bytes)
        }
    }

    private func append(_ batch: KeptBatch, _ places: LetterPlaces, time: Int64, to bytes: inout [UInt8]) {
        let records = (try? batch.records()) ?? []
        // Unlike each other are only their places, contents and, seldom, errors.
        var letter = DeadLetter(
            place: InputPlace(input: "", line: 0, offset: 0),
            error: batch.error.name,
            message: batch.error.description,
            attempts: batch.attempts,
            time: time,
            topic: batch.topic,
            partition: batch.partition,
            isPartitionExplicit: isPartitionExplicit,
            timestamp: nil,
            content: .lost(size: nil)
        )
        for index in 0..<batch.recordCount {
            let error = batch.error(ofRecord: index)
            (letter.error, letter.message) = (error.name, error.description)
            letter.isPartitionExplicit = isPartitionExplicit || batch.isPartitionNamed(ofRecord: index)
            letter.place = places.place(ofRecord: index, at: batch.tag(ofRecord: index)) ?? letter.place
            if index < records.count {
                let record = records[index]
                letter.timestamp = places.hasTimestamp(ofRecord: index) ? record.timestamp : nil
                letter.content = .record(key: record.key, value: record.value, headers: record.headers)
            }
            note(letter)
            letter.append(to: &bytes)
        }
    }

    /// Records whose letters do not have them.
    struct Unkept: Equatable, Sendable {
        /// Those that are nowhere.
        var lost: UInt64 = 0
        var firstLost: InputPlace?
        /// Those that are in their input files alone.
        var elsewhere: UInt64 = 0

        /// What a person must know about them.
        var lines: [String] {
            let limit = NumberText.grouped(DeadLetter.longestKept)
            var lines: [String] = []
            if elsewhere > 0 {
                lines.append(
                    "\(Self.records(elsewhere)) of more than \(limit) bytes stayed in the input: resend reads them from there, "
                        + "so keep those files as they are"
                )
            }
            if lost > 0, let firstLost {
                lines.append(
                    "\(Self.records(lost)) of more than \(limit) bytes could not be kept, the first at \(firstLost), byte "
                        + "\(firstLost.offset): send them again from where they came, as a file that is named"
                )
            }
            return lines
        }

        private static func records(_ count: UInt64) -> String {
            count == 1 ? "1 record" : "\(NumberText.grouped(count)) records"
        }
    }

    private let unkeptRecords = Mutex(Unkept())

    /// Records whose letters do not have them.
    var unkept: Unkept { unkeptRecords.withLock { $0 } }

    /// Writes one letter. Never waits: the thread that fails records may be the event loop.
    func write(_ letter: DeadLetter) {
        note(letter)
        writer.appendLater(keeping: letter.memory) { letter.append(to: &$0) }
    }

    private func note(_ letter: DeadLetter) {
        switch letter.content {
        case .record, .input: break
        case .lost:
            unkeptRecords.withLock { unkept in
                unkept.lost += 1
                if unkept.firstLost == nil { unkept.firstLost = letter.place }
            }
        case .elsewhere: unkeptRecords.withLock { $0.elsewhere += 1 }
        }
    }

    /// Writes a line of another dead-letter file as it is.
    func write(line: [UInt8]) {
        writer.appendLater(keeping: line.count) { bytes in
            bytes += line
            bytes.append(0x0A)
        }
    }

    /// What is waited for, if letters are: their reader is slow, or the disk is.
    var stallReason: String? {
        guard waits.load(ordering: .relaxed) > 0, writer.backlog > 0 else { return nil }
        let backlog = NumberText.bytes(UInt64(writer.backlog))
        return "\(output.destination.name) takes dead letters slowly (\(backlog) to write)"
    }

    /// Whether further letters may be kept in memory.
    var hasRoom: Bool { writer.hasFailed || writer.backlog <= Self.limit }

    /// Blocks the reading thread while far too many letters wait to be written, unless reading is to end.
    @available(*, noasync)
    func waitForRoom(isStopped: () -> Bool) {
        guard !hasRoom else { return }
        waits.add(1, ordering: .relaxed)
        while !hasRoom, !isStopped() { writer.waitForProgress() }
        waits.subtract(1, ordering: .relaxed)
    }

    /// How long the file is.
    var length: UInt64? { output.length }

    /// Waits until everything that was written so far is on the disk.
    ///
    /// - Returns: whether it is; nothing is reported beside what a failed write is.
    @available(*, noasync)
    func prepareCommit() -> Bool {
        while writer.written == nil, !writer.hasFailed { writer.waitForProgress() }
        return areOnDisk()
    }

    /// Takes back what was written behind this length; the `errno` when that fails.
    @available(*, noasync)
    func cut(to length: UInt64) -> Int32? {
        while writer.written == nil, !writer.hasFailed { writer.waitForProgress() }
        return output.cut(to: length)
    }

    /// Whether everything that was written so far is on the disk. Blocks while the system puts it there.
    @available(*, noasync)
    func areOnDisk() -> Bool {
        guard !isIncomplete else { return false }
        if isFinished.load(ordering: .acquiring) { return true }
        guard let written = writer.written else { return false }
        if written == bytesOnDisk.load(ordering: .relaxed) { return true }
        guard output.sync() == nil else { return false }
        bytesOnDisk.store(written, ordering: .relaxed)
        return true
    }

    /// Gives what is there a second to reach the disk: for a process that leaves at once.
    @available(*, noasync)
    func hurry() {
        for _ in 0..<50 where writer.backlog > 0 { writer.waitForProgress() }
        _ = output.sync()
    }

    /// Writes what is left and has the system put it on the disk.
    func finish() async {
        waits.add(1, ordering: .relaxed)
        await writer.finish()
        if let code = output.sync() {
            syncFailed.store(true, ordering: .relaxed)
            console.error("dead letters in \(output.destination.name) may be lost: \(SystemError.text(code))")
        }
        isFinished.store(true, ordering: .releasing)
        guard let code = output.close() else { return }
        syncFailed.store(true, ordering: .relaxed)
        console.error("dead letters in \(output.destination.name) may be lost: \(SystemError.text(code))")
    }
}
