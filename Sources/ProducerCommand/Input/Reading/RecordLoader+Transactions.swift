// SPDX-License-Identifier: Apache-2.0

/// The load as a chain of transactions.
extension RecordLoader {
    /// Hands over the records of a buffer, each part of it within the transaction that has room for it.
    @available(*, noasync)
    mutating func handOver(
        _ buffer: borrowing InputBuffer,
        at base: UInt64,
        _ splitter: inout RecordSplitter,
        isEnd: Bool,
        _ lanes: inout RecordLanes?,
        in chain: TransactionChain
    ) -> Bool {
        var end = 0
        repeat {
            chain.enter()
            defer { chain.leave() }
            end = chain.cuts.share(of: buffer.bytes, splitter, chain.room)
            let isLast = end == buffer.count
            let hasRoom = handOver(buffer, to: end, at: base, &splitter, isEnd: isEnd && isLast, &lanes)
            let place = CheckpointTracker.Mark(record: lanes?.ordinal ?? ordinal, offset: splitter.end(from: base))
            guard chain.handedOver(to: place), hasRoom else { return false }
        } while end < buffer.count
        return true
    }
}
