// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// Keeps the account of a run of `resend`, and writes receipts and dead letters.
final class ResendLog: ProducerObserver {
    private struct State {
        var ledger = Ledger()
        /// Of the batch whose records are being reported.
        var attempts = 0
    }

    /// What is reported to a person while the run goes on.
    let news: RunNews
    private let outputs: RecordOutputs
    private let state = Mutex(State())

    init(news: RunNews, outputs: RecordOutputs) {
        self.news = news
        self.outputs = outputs
    }

    var ledger: Ledger { state.withLock { $0.ledger } }

    /// A line was read.
    func read() { state.withLock { $0.ledger.read += 1 } }

    /// A line was read that an earlier run has dealt with.
    func skipped() {
        state.withLock { state in
            state.ledger.read += 1
            state.ledger.skip(records: 1)
        }
    }

    /// The line that was read last could not even be tried: it is for another run.
    func notTaken() { state.withLock { $0.ledger.read -= 1 } }

    /// A line is not sent: it stays as it is in the new dead-letter file.
    func refused(_ fault: RecordFault, _ line: DeadLetterLine, bytes: [UInt8]?) {
        state.withLock { $0.ledger.fail(fault, record: line.ordinal, place: line.place) }
        news.console.detail("\(line.place): \(fault.kind.name): \(fault)")
        guard let letters = outputs.deadLetters else { return }
        if let bytes { return letters.write(line: bytes) }
        // Too long to be held: what is left is the way to it.
        letters.write(
            DeadLetter(
                place: line.place,
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

    /// A record was delivered, or has failed again; `line` is where it is.
    func ended(
        _ letter: DeadLetterDecoder.Letter,
        _ line: DeadLetterLine,
        _ result: Result<RecordMetadata, ProducerError>
    ) {
        let record = letter.record
        switch result {
        case .success(let metadata):
            outputs.receipts?.delivered(metadata, place: line.place, key: record.key, value: record.value)
            state.withLock { $0.ledger.delivered(records: 1, bytes: UInt64(record.contentSize)) }
        case .failure(let error): failed(letter, line, error, attempts: state.withLock { $0.attempts })
        }
    }

    /// A record has failed again.
    func failed(
        _ letter: DeadLetterDecoder.Letter,
        _ line: DeadLetterLine,
        _ error: ProducerError,
        attempts: Int = 0
    ) {
        state.withLock {
            $0.ledger.fail(error, record: line.ordinal, place: line.place)
        }
        let record = letter.record
        outputs.deadLetters?.write(
            DeadLetter(
                place: letter.origin ?? line.place,
                error: error.name,
                message: error.description,
                attempts: attempts,
                time: TimeText.now(),
                topic: record.topic,
                partition: record.partition ?? error.partition,
                isPartitionExplicit: record.partition != nil,
                timestamp: record.timestamp,
                content: .record(key: record.key, value: record.value, headers: record.headers)
            )
        )
    }

    /// Called before the completions of the batch's records, on the same thread: they ask for its attempts.
    func delivered(_ report: DeliveryReport) {
        state.withLock { $0.attempts = report.attempts }
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
