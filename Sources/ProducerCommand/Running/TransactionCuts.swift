// SPDX-License-Identifier: Apache-2.0

/// Where the transactions of a load are cut: a value.
struct TransactionCuts: Equatable, Sendable {
    /// How old a transaction becomes, from its first record on.
    var interval = Duration.seconds(5)
    /// How many records it has at most.
    var records: UInt64?
    /// How many bytes of the input it has, as soon as there are so many; without this, so many that none grows out of bounds.
    var bytes: UInt64 = 256 << 20

    /// What the open transaction has room for.
    struct Room: Equatable, Sendable {
        var records: UInt64
        var bytes: UInt64

        var isUsedUp: Bool { records == 0 || bytes == 0 }

        /// A record of so many bytes has come in.
        mutating func take(bytes size: UInt64) {
            records -= min(records, 1)
            bytes -= min(bytes, size)
        }
    }

    /// What is left for a transaction that has so much.
    func room(records count: UInt64, bytes size: UInt64) -> Room {
        let limit = records ?? .max
        return Room(records: limit - min(limit, count), bytes: bytes - min(bytes, size))
    }

    /// Whether a transaction that has so much is to be committed.
    func isDue(records count: UInt64, bytes size: UInt64, age: Duration) -> Bool {
        room(records: count, bytes: size).isUsedUp || age >= interval
    }

    /// How old the last commit of a load's position becomes while no record comes.
    private static let longestSilence = Duration.seconds(12 * 3600)

    /// Whether a load's position was committed so long ago that it is committed again: brokers forget it, and the transactional
    /// id, after 7 days.
    ///
    /// - Parameters:
    ///   - commit: When it was committed last.
    ///   - now: The time.
    /// - Returns: Whether 12 hours have passed.
    static func isSilent(since commit: ContinuousClock.Instant, now: ContinuousClock.Instant) -> Bool {
        now - commit >= longestSilence
    }

    /// How many of these bytes go into a transaction with this much room: up to the end of a record.
    func share(of bytes: Span<UInt8>, _ splitter: RecordSplitter, _ room: Room) -> Int {
        // What is skipped is no record.
        guard splitter.skipped == nil else { return bytes.count }
        let count = UInt64(bytes.count - splitter.start)
        // A record has at least its delimiter.
        guard count > room.bytes || count / UInt64(splitter.delimiter.count) >= room.records else { return bytes.count }
        var probe = splitter
        var left = room
        var begin = probe.start
        while probe.next(in: bytes) != nil {
            left.take(bytes: UInt64(probe.start - begin))
            begin = probe.start
            if left.isUsedUp { return probe.cut(in: bytes) }
        }
        return bytes.count
    }
}
