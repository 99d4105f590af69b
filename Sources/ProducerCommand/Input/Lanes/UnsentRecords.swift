// SPDX-License-Identifier: Apache-2.0

/// Counts records that were read and cannot be sent as failed, and keeps them if dead letters are asked for.
struct UnsentRecords {
    let settings: RecordSettings
    let log: DeliveryLog
    /// What is known of the input that is read.
    var context = InputContext()

    /// Refuses one record, the one of this number, which begins at this place, both over all inputs; `record` is nil when it
    /// was too large to be held.
    func refuse(
        _ record: Range<Int>?,
        in chunk: Chunk,
        _ fault: RecordFault,
        ordinal: UInt64,
        offset: UInt64
    ) {
        var letter: DeadLetter?
        if log.keepsRefusedRecords {
            letter = RefusedRecord(settings: settings, context: context).letter(of: record, in: chunk, fault)
        }
        log.refuse(fault, record: ordinal, offset: offset, letter: letter)
    }

    /// Refuses all records that the chunk holds whole, from the number `ordinal` on; at the end of an input also what
    /// follows the last delimiter. Returns the number after the last of them.
    func refuseAll(
        in chunk: Chunk,
        _ splitter: inout RecordSplitter,
        from ordinal: UInt64,
        _ fault: RecordFault
    ) -> UInt64 {
        // They may have waited for long.
        let chunk = Chunk(chunk.bytes, at: chunk.base, isEnd: chunk.isEnd)
        var ordinal = ordinal
        while true {
            var next = splitter.next(in: chunk.bytes)
            if next == nil, chunk.isEnd { next = splitter.last(in: chunk.bytes) }
            guard let record = next else { return ordinal }
            guard !settings.skipsEmpty || !record.isEmpty else {
                log.skipped(1)
                ordinal &+= 1
                continue
            }
            refuse(record, in: chunk, fault, ordinal: ordinal, offset: chunk.offset(of: record))
            ordinal &+= 1
        }
    }
}
