// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Hands the records of chunks to the producer, in the fastest lane that they fit, or counts them as failed when they can
/// never be sent.
struct RecordLanes {
    private var handover: Handover
    /// For records that are their values alone, if they are.
    private let runLane: RunLane?
    /// For records that have keys of their own and nothing else that is special, if they have.
    private var keyedLane: KeyedLane?
    /// For all other records, and for single records of the other lanes.
    private var singleLane: SingleLane

    /// - Parameter handover: has the appender of the topic and what all records have in common.
    init(_ handover: Handover) {
        self.handover = handover
        // The others do not look into records.
        let settings = handover.settings
        let isChecked =
            settings.form.mayHaveHalves || settings.skipsEmpty || settings.format.endsAtCarriageReturn
        runLane = isChecked ? nil : RunLane(handover)
        keyedLane = isChecked || runLane != nil ? nil : KeyedLane(handover)
        singleLane = SingleLane(handover)
    }

    /// The number of the record that comes next, from 0 over all inputs: how many were dealt with.
    var ordinal: UInt64 { handover.ordinal }

    /// How much of the input makes a good chunk, in bytes.
    var chunkSize: Int { keyedLane?.chunkSize ?? RecordLoader.chunkSize }

    /// Counts so many records that an earlier run has delivered.
    mutating func skip(_ records: UInt64) { handover.ordinal += records }

    /// Why no broker could be reached when the first topic was asked for.
    var refusal: ProducerError? { handover.refusal }

    /// An input begins; what is known of it by now.
    mutating func begin(_ context: InputContext) {
        handover.context = context
        singleLane.begin(handover)
    }

    /// Waits while the receipts of what is under way would take too much memory.
    @available(*, noasync)
    func waitForReceipts() { handover.waitForReceipts() }

    /// Hands over all records that the chunk holds whole; at the end of an input also what follows the last delimiter.
    /// False when the producer takes no more.
    @available(*, noasync)
    mutating func send(_ chunk: Chunk, _ splitter: inout RecordSplitter) -> Bool {
        guard endSkipped(chunk, &splitter) else { return !handover.isAborted }
        guard sendAll(chunk, &splitter) else {
            if handover.isInterrupted { handover.refuseRest(of: chunk, &splitter) }
            return false
        }
        guard chunk.isEnd, let record = splitter.last(in: chunk.bytes) else { return true }
        guard !singleLane.send(record, of: chunk, &handover) else { return true }
        if handover.isNotTaken { splitter.handBack(record) }
        return false
    }

    /// Counts all records of the chunk as failed, since brokers refuse them.
    mutating func refuse(_ chunk: Chunk, _ splitter: inout RecordSplitter, _ fault: RecordFault) {
        handover.refuseAll(of: chunk, &splitter, fault)
    }

    /// Looks for the end of a record that is too large to be held and refuses it; false when no record comes after that.
    private mutating func endSkipped(_ chunk: Chunk, _ splitter: inout RecordSplitter) -> Bool {
        guard let skipped = splitter.skipped else { return true }
        let offset = chunk.base + UInt64(splitter.start) - UInt64(skipped)
        var size = splitter.endOfSkipped(in: chunk.bytes)
        if size == nil, chunk.isEnd { size = splitter.lastOfSkipped(in: chunk.bytes) }
        guard let size else { return false }
        let (limit, setting) = (handover.settings.longestRecord, handover.settings.longestRecordSetting)
        handover.refuse(nil, at: offset, in: chunk, .tooLarge(size: size, limit: limit, setting: setting))
        return !handover.isAborted
    }

    @available(*, noasync)
    private mutating func sendAll(_ chunk: Chunk, _ splitter: inout RecordSplitter) -> Bool {
        if let runLane { return runLane.send(chunk, &splitter, &handover) }
        // Its tables have 32 bits for a place.
        if chunk.bytes.count <= Int(UInt32.max),
            let hasRoom = keyedLane?.send(chunk, &splitter, &handover, odd: &singleLane)
        {
            return hasRoom
        }
        return singleLane.send(chunk, &splitter, &handover)
    }
}
