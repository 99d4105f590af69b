// SPDX-License-Identifier: Apache-2.0
import KafkaReader
import KafkaRecords
import NIOCore

/// Compares what was acknowledged of a partition with what is read of it, in the order of offsets. A value: records go in.
struct RangeComparison {
    private let place: SentRange.Place
    /// In the order of their offsets.
    private let ranges: [SentRange]
    private var next = 0
    private var count: UInt64 = 0
    private var checksum = ContentChecksum()
    private(set) var result = VerifyResult()

    /// - Parameters:
    ///   - place: The partition.
    ///   - ranges: All that was acknowledged of it, in the order in which that happened.
    init(_ place: SentRange.Place, _ ranges: [SentRange]) {
        self.place = place
        self.ranges = ranges.sorted { $0.offsets.lowerBound < $1.offsets.lowerBound }
        result.partitions = 1
        var last: UInt64 = 0
        for range in self.ranges {
            if range.firstRecord < last {
                result.misplaced += 1
                result.note(
                    "\(place): offset \(range.offsets.lowerBound) has record \(range.firstRecord + 1) of the input, behind "
                        + "record \(last + 1)"
                )
            }
            last = max(last, range.firstRecord)
        }
    }

    /// Where reading has to begin; nil when there is nothing to read.
    var start: Int64? { ranges.first?.offsets.lowerBound }

    /// Whether everything was compared.
    var isComplete: Bool { next == ranges.count }

    /// Takes the next record in. Those of others are passed over.
    mutating func take(_ record: ReadRecord) {
        while next < ranges.count, record.offset >= ranges[next].offsets.upperBound { closeRange() }
        guard next < ranges.count, ranges[next].offsets.contains(record.offset) else { return }
        count += 1
        checksum.add(
            key: record.key,
            value: record.value,
            headers: record.headers,
            timestamp: ranges[next].isStampedByBroker ? nil : record.timestamp
        )
        if record.offset == ranges[next].offsets.upperBound - 1 { closeRange() }
    }

    /// Nothing follows.
    mutating func end() {
        while next < ranges.count { closeRange() }
    }

    /// It cannot be read on.
    mutating func failed(_ reason: String) {
        result.unread = 1
        result.note("\(place) cannot be read back: \(reason)")
        next = ranges.count
    }

    private mutating func closeRange() {
        let range = ranges[next]
        let size = UInt64(range.offsets.count)
        let text = "\(place): offsets \(range.offsets.lowerBound) to \(range.offsets.upperBound - 1)"
        if count < size {
            result.missing += size - count
            result.verified += count
            result.note("\(text): \(size) records were acknowledged, and \(count) are there")
        } else if let sent = range.checksum, sent != checksum.value {
            result.altered += size
            result.note("\(text): what is stored is not what was sent")
        } else {
            result.verified += size
        }
        next += 1
        count = 0
        checksum = ContentChecksum()
    }
}
