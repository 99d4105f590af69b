// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Writes a receipt for each delivered record, in the order of delivery within a partition.
///
/// Receipts are rendered where deliveries are reported and written by a thread of their own. Memory is bounded by the
/// reading thread: it goes on only when the receipts of all that is under way would fit.
final class ReceiptWriter: Sendable {
    /// The most bytes of receipts that may wait, or be about to, before the reading thread does.
    private static let limit = 16 << 20

    private let format: ReceiptFormat
    private let output: OpenOutput
    private let console: Console
    private let writer: BackgroundWriter
    private let closeFailed = Atomic<Bool>(false)
    /// The size of a receipt lately, in bytes.
    private let averageSize = Atomic<Int>(128)

    /// Receipts of what is written in a transaction, until it is committed; nil where there are no transactions.
    private let held = Mutex<[UInt8]?>(nil)

    init(format: ReceiptFormat, output: OpenOutput, console: Console) {
        self.format = format
        self.output = output
        self.console = console
        writer = BackgroundWriter(descriptor: output.descriptor) { code in
            console.error(
                "cannot write receipts to \(output.destination.name): \(SystemError.text(ofOutput: code)); "
                    + "records are sent all the same, without further receipts"
            )
        }
    }

    /// How many wait until receipts are written: the reading thread, or the end.
    private let waits = Atomic<Int>(0)

    /// What is waited for, if receipts are: their reader is slow.
    var stallReason: String? {
        guard waits.load(ordering: .relaxed) > 0, writer.backlog > 0 else { return nil }
        return "\(output.destination.name) takes receipts slowly (\(NumberText.bytes(UInt64(writer.backlog))) to write)"
    }

    /// Whether receipts are missing.
    var isIncomplete: Bool { writer.hasFailed || closeFailed.load(ordering: .relaxed) }

    // MARK: transactions

    /// From now on receipts are written once their transaction is committed.
    func holdUntilCommit() { held.withLock { $0 = [] } }

    /// Whether those that wait for the commit take so much memory that it should come.
    var holdsMuch: Bool { held.withLock { ($0?.count ?? 0) > Self.limit } }

    /// The transaction is committed, or else its receipts will never be true.
    func transactionEnded(isCommitted: Bool) {
        let receipts = held.withLock { held -> [UInt8]? in
            guard let receipts = held else { return nil }
            held = []
            return receipts
        }
        guard isCommitted, let receipts, !receipts.isEmpty else { return }
        writer.append { $0 += receipts }
    }

    /// How long the file of receipts is; nil when they go elsewhere.
    var length: UInt64? { output.length }

    /// Puts the receipts of the transaction that is about to be committed on the disk; where they are not in a file they are
    /// held on. Blocks until that is done.
    ///
    /// - Returns: whether it is; nothing is reported beside what a failed write is.
    @available(*, noasync)
    func prepareCommit() -> Bool {
        guard output.length != nil else { return true }
        transactionEnded(isCommitted: true)
        while writer.written == nil, !writer.hasFailed { writer.waitForProgress() }
        return !writer.hasFailed && output.sync() == nil
    }

    /// Takes back what was written behind this length; the `errno` when that fails.
    func cut(to length: UInt64) -> Int32? { output.cut(to: length) }

    private func append(_ render: (inout [UInt8]) -> Void) {
        let isHeld = held.withLock { held in
            // Taken out, so that it is not copied.
            guard var bytes = held.take() else { return false }
            render(&bytes)
            held = bytes
            return true
        }
        if !isHeld { writer.append(render) }
    }

    /// Called on the event loop for a batch that was delivered.
    func delivered(
        _ report: borrowing DeliveryReport,
        baseOffset: Int64?,
        logAppendTime: Int64?,
        positions: InputPositions
    ) {
        append { bytes in
            let before = bytes.count
            var batch = BatchOfReceipts(format: format, report: report, baseOffset: baseOffset, positions: positions)
            let time = logAppendTime ?? (format.needsTimestamps ? report.commonTimestamp : 0)
            if format.needsContents {
                // It cannot fail: these bytes were just sent.
                try? report.forEachRecord { index, key, value, timestamp in
                    batch.append(index, logAppendTime ?? timestamp, key: key, value: value, to: &bytes)
                }
            } else if let time {
                batch.append(0..<report.recordCount, time, to: &bytes)
            } else {
                // Nor can this.
                try? report.forEachTimestamp { batch.append($0, $1, to: &bytes) }
            }
            let size = (bytes.count - before) / max(1, report.recordCount)
            averageSize.store(max(1, size), ordering: .relaxed)
        }
    }

    /// Called on the event loop for a single record that was delivered.
    func delivered(_ metadata: RecordMetadata, place: InputPlace, key: [UInt8]?, value: [UInt8]?) {
        writer.append { bytes in
            let renderer = ReceiptRenderer(
                format: format,
                file: place.input,
                topic: metadata.topic,
                partition: metadata.partition
            )
            let record = ReceiptRenderer.Record(
                line: place.line,
                byteOffset: place.offset,
                offset: metadata.offset,
                timestamp: metadata.timestamp
            )
            if let key {
                if let value {
                    renderer.append(record, key: key.span, value: value.span, to: &bytes)
                } else {
                    renderer.append(record, key: key.span, value: nil, to: &bytes)
                }
            } else if let value {
                renderer.append(record, key: nil, value: value.span, to: &bytes)
            } else {
                renderer.append(record, key: nil, value: nil, to: &bytes)
            }
        }
    }

    /// Whether the receipts of `outstanding` further records fit beside those that wait to be written.
    func hasRoom(outstanding: UInt64) -> Bool {
        guard !writer.hasFailed else { return true }
        let coming = Int(clamping: outstanding).multipliedReportingOverflow(by: averageSize.load(ordering: .relaxed))
        return !coming.overflow && writer.backlog < Self.limit - min(coming.partialValue, Self.limit)
    }

    /// Whether all receipts so far are written.
    var isIdle: Bool { writer.backlog == 0 }

    /// Blocks the calling thread for a moment, or until receipts were written.
    @available(*, noasync)
    func waitForProgress() { writer.waitForProgress() }

    /// Runs what waits for receipts, so that others can see that something does.
    @available(*, noasync)
    func awaited(_ body: () -> Void) {
        waits.add(1, ordering: .relaxed)
        body()
        waits.subtract(1, ordering: .relaxed)
    }

    /// Writes what is left; called when no more records are under way.
    func finish() async {
        waits.add(1, ordering: .relaxed)
        await writer.finish()
        guard let code = output.close() else { return }
        closeFailed.store(true, ordering: .relaxed)
        console.error("receipts in \(output.destination.name) may be lost: \(SystemError.text(code))")
    }

    /// Gives what waits to be written a second, and says what is missing then.
    @available(*, noasync)
    func hurry() {
        for _ in 0..<50 where writer.backlog > 0 { writer.waitForProgress() }
        let missing = writer.backlog
        guard missing > 0 else { return }
        console.error(
            "\(output.destination.name) takes receipts slowly: \(NumberText.bytes(UInt64(missing))) of them are missing"
        )
    }
}
