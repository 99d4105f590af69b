// SPDX-License-Identifier: Apache-2.0

/// A load that is bounded in its speed or its length.
extension RecordLoader {
    /// Hands over the records of a buffer, each part of it when it may go; false when that ends the load.
    @available(*, noasync)
    mutating func handOverInShares(
        _ buffer: borrowing InputBuffer,
        at base: UInt64,
        _ splitter: inout RecordSplitter,
        isEnd: Bool,
        _ lanes: inout RecordLanes?
    ) -> Bool {
        guard var governor else { return false }
        defer { self.governor = governor }
        var end = 0
        repeat {
            guard let room = governor.room() else { return false }
            let (first, begin) = (lanes?.ordinal ?? ordinal, splitter.end(from: base))
            end = Self.share(of: buffer.bytes, splitter, room)
            let isLast = end == buffer.count
            let hasRoom = handOver(buffer, upTo: end, at: base, &splitter, isEnd: isEnd && isLast, &lanes)
            governor.handedOver(
                records: (lanes?.ordinal ?? ordinal) - first,
                bytes: splitter.end(from: base) - begin
            )
            guard hasRoom, !governor.isComplete else { return false }
        } while end < buffer.count
        return true
    }

    /// How many of these bytes are in the next records that there is room for: up to the end of one.
    static func share(of bytes: Span<UInt8>, _ splitter: RecordSplitter, _ room: TransactionCuts.Room) -> Int {
        var probe = splitter
        var left = room
        // One that is too large to be held counts as well.
        if probe.skipped != nil {
            guard probe.endOfSkipped(in: bytes) != nil else { return bytes.count }
            left.records -= min(left.records, 1)
            if left.records == 0 { return probe.start }
        }
        var begin = probe.start
        while probe.next(in: bytes) != nil {
            left.take(bytes: UInt64(probe.start - begin))
            begin = probe.start
            if left.isUsedUp { return probe.start }
        }
        return bytes.count
    }
}
