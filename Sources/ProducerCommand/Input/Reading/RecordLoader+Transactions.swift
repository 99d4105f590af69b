// SPDX-License-Identifier: Apache-2.0

/// The load as a chain of transactions.
extension RecordLoader {
    /// Hands over the records of a buffer's first bytes, each part of it within the transaction that has room for it.
    @available(*, noasync)
    mutating func handOver(
        _ buffer: borrowing InputBuffer,
        upTo limit: Int,
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
            // What would be handed over now would come into a transaction that is not this chain's.
            guard chain.failure == nil else { return false }
            let part = chain.part(of: buffer.bytes.extracting(0..<limit), at: base, splitter)
            end = part.end
            let isLast = end == limit
            let hasRoom: Bool
            if let fault = part.fault, openLanes(ifNeeded: &lanes) {
                let chunk = Chunk(buffer.bytes.extracting(0..<end), at: base, isEnd: isEnd && isLast)
                lanes?.refuse(chunk, &splitter, fault)
                hasRoom = true
            } else {
                hasRoom = handOver(buffer, to: end, at: base, &splitter, isEnd: isEnd && isLast, &lanes)
            }
            let place = CheckpointTracker.Mark(record: lanes?.ordinal ?? ordinal, offset: splitter.end(from: base))
            guard chain.handedOver(to: place, isCutWanted: part.fault != nil), hasRoom else { return false }
        } while end < limit
        return true
    }
}
