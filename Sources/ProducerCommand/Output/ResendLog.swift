// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Keeps the account of a run of `resend`, and writes receipts and dead letters.
final class ResendLog: ProducerObserver {
    private struct State {
        var ledger = Ledger()
        var positions = InputPositions()
    }

    /// What is reported to a person while the run goes on.
    let news: RunNews
    /// Where the records that are under way came from at first.
    let origins = LetterOrigins()
    private let outputs: RecordOutputs
    private let marks: ResentFiles
    private let state = Mutex(State())
    /// How many records were read. Only the reading thread writes it.
    private let recordsRead = Atomic<UInt64>(0)

    init(news: RunNews, outputs: RecordOutputs, marks: ResentFiles) {
        self.news = news
        self.outputs = outputs
        self.marks = marks
    }

    var ledger: Ledger {
        var ledger = state.withLock { $0.ledger }
        ledger.read = max(recordsRead.load(ordering: .relaxed), ledger.settled)
        return ledger
    }

    /// So many records were read by now.
    func read(_ count: UInt64) { recordsRead.store(count, ordering: .relaxed) }

    /// The file of this name begins at `position` over all files.
    func began(_ name: String, at position: RecordTag) {
        state.withLock { $0.positions.began(name, firstRecord: position.number, firstOffset: position.offset) }
    }

    /// Lines were read that an earlier run has dealt with.
    func skipped(_ count: UInt64) { state.withLock { $0.ledger.skip(records: count) } }

    /// A line is not sent: it stays as it is in the new dead-letter file.
    func refused(_ fault: RecordFault, _ position: RecordTag, bytes: [UInt8]?) {
        let place = place(of: position)
        state.withLock { $0.ledger.fail(fault, record: position.number, place: place) }
        news.console.detail("\(place): \(fault.kind.name): \(fault)")
        defer { settled(position) }
        guard let letters = outputs.deadLetters else { return }
        if let bytes { return letters.write(line: bytes) }
        // Too long to be held: what is left is the way to it.
        letters.write(
            DeadLetter(
                place: place,
                error: fault.kind.name,
                message: fault.description,
                attempts: 0,
                time: TimeText.now(),
                topic: fault.topic ?? "",
                isPartitionExplicit: false,
                content: .lost(size: nil)
            )
        )
    }

    /// A record could not be handed over, and has failed again.
    func failed(_ record: ProducerRecord, from origin: InputPlace?, _ position: RecordTag, _ error: ProducerError) {
        let place = place(of: position)
        state.withLock { $0.ledger.fail(error, record: position.number, place: place) }
        outputs.deadLetters?.write(
            DeadLetter(
                place: origin ?? place,
                error: error.name,
                message: error.description,
                attempts: 0,
                time: TimeText.now(),
                topic: record.topic,
                partition: record.partition ?? error.partition,
                isPartitionExplicit: record.partition != nil,
                timestamp: record.timestamp,
                content: .record(key: record.key, value: record.value, headers: record.headers)
            )
        )
        settled(position)
    }

    /// The line at a position over all files.
    private func place(of position: RecordTag) -> InputPlace {
        state.withLock { $0.positions.place(ofRecord: position.number, offset: position.offset) }
            ?? InputPlace(input: "", line: position.number + 1, offset: position.offset)
    }

    private func settled(_ position: RecordTag) {
        marks.settled(count: 1, isFailed: true) { _ in position.number }
        origins.settled(count: 1) { _ in position.number }
    }

    func delivered(_ report: borrowing DeliveryReport) {
        let (places, positions) = (report.tags, state.withLock { $0.positions })
        let line = { (index: Int) in places[index]?.number ?? .max }
        var isFailed = false
        switch report.outcome {
        case .delivered(let baseOffset, let logAppendTime):
            // Before the ledger has it: what is counted as delivered is no longer expected to need room.
            outputs.receipts?.delivered(
                report,
                baseOffset: baseOffset,
                logAppendTime: logAppendTime,
                positions: positions
            )
            state.withLock {
                $0.ledger.delivered(records: UInt64(report.recordCount), bytes: UInt64(report.byteCount))
            }
        case .failed(let error):
            isFailed = true
            news.console.detail("\(report.recordCount) records of one batch failed: \(error.name): \(error)")
            count(report, error)
            outputs.deadLetters?.failed(report, places: letterPlaces(of: report, positions))
        }
        marks.settled(count: report.recordCount, isFailed: isFailed, line: line)
        origins.settled(count: report.recordCount, line: line)
    }

    private func count(_ report: borrowing DeliveryReport, _ error: ProducerError) {
        state.withLock { state in
            for index in 0..<report.recordCount {
                let position = report.tag(ofRecord: index)
                state.ledger.fail(
                    report.error(ofRecord: index) ?? error,
                    record: position?.number ?? .max,
                    place: position.flatMap { state.positions.place(ofRecord: $0.number, offset: $0.offset) }
                )
            }
        }
    }

    /// Where the records of a failed batch came from at first, or else the lines that they were read from.
    private func letterPlaces(of report: borrowing DeliveryReport, _ positions: InputPositions) -> LetterPlaces {
        let lines = (0..<report.recordCount).map { report.tag(ofRecord: $0)?.number ?? .max }
        return .origins(origins.origins(ofLines: lines), otherwise: positions)
    }

    /// Blocks the reading thread while receipts or dead letters would take too much memory.
    @available(*, noasync)
    func waitForRoom(isStopped: () -> Bool) {
        outputs.waitForRoom(outstanding: { ledger.unsettled }, isStopped: isStopped, flush: {})
    }

    func occurred(_ event: ProducerEvent) { news.occurred(event) }
}

extension ProducerRecord {
    /// Keys, values and headers, in bytes.
    var contentSize: Int {
        headers.reduce((key?.count ?? 0) + (value?.count ?? 0)) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
    }
}
