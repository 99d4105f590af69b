// SPDX-License-Identifier: Apache-2.0

/// Gives out producer ids, each one once. They are reserved by the thousand, so that after a restart none comes again
/// though not each one was written down.
struct ProducerIDs {
    private static let blockSize: Int64 = 1000
    /// No cluster gives out so many ids: a larger one stands in a file that was damaged, or a client made it up.
    private static let largest: Int64 = 1 << 62

    private var next: Int64
    private var blockEnd: Int64

    /// - Parameter reserved: The id up to which (and without which) all ids may have been given out before.
    init(reserved: Int64) {
        next = min(max(reserved, 0), Self.largest)
        blockEnd = next
    }

    /// Passes over all ids up to one that was found in a log.
    mutating func reserve(through id: Int64?) {
        guard let id, id >= next, id < Self.largest else { return }
        next = id + 1
        blockEnd = max(blockEnd, next)
    }

    /// An id that was never given out. `reserve` is called with the end of each new block and must write it down.
    mutating func take(reserve: (Int64) throws(StorageError) -> Void) throws(StorageError) -> Int64 {
        if next == blockEnd {
            try reserve(blockEnd + Self.blockSize)
            blockEnd += Self.blockSize
        }
        defer { next += 1 }
        return next
    }
}
