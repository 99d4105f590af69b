// SPDX-License-Identifier: Apache-2.0

/// Counts records that were read and cannot be sent as failed, and keeps them if dead letters are asked for.
struct UnsentRecords {
    let template: RecordTemplate
    let log: DeliveryLog

    /// Refuses one record, the one of this number over all inputs; `record` is nil when it was too large to be held.
    func refuse(
        _ record: Range<Int>?,
        in bytes: Span<UInt8>,
        _ fault: RecordFault,
        ordinal: UInt64,
        offset: UInt64,
        time: Int64
    ) {
        var letter: DeadLetter?
        if log.keepsRefusedRecords {
            letter = RefusedRecord(template: template).letter(of: record, in: bytes, fault, time: time)
        }
        log.refuse(fault, record: ordinal, offset: offset, letter: letter)
    }

    /// Refuses all records that `bytes` holds whole, from the number `ordinal` on; at the end of an input also what
    /// follows the last delimiter. Returns the number after the last of them.
    func refuseAll(
        in bytes: Span<UInt8>,
        at base: UInt64,
        _ splitter: inout RecordSplitter,
        isEnd: Bool,
        from ordinal: UInt64,
        _ fault: RecordFault
    ) -> UInt64 {
        let time = TimeText.now()
        var ordinal = ordinal
        while true {
            var next = splitter.next(in: bytes)
            if next == nil, isEnd { next = splitter.last(in: bytes) }
            guard let record = next else { return ordinal }
            let offset = base &+ UInt64(record.lowerBound)
            refuse(record, in: bytes, fault, ordinal: ordinal, offset: offset, time: time)
            ordinal &+= 1
        }
    }
}
