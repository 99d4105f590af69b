// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords

/// Some records of a chunk, parted by their partitions, so that those of one partition can be appended in one go.
///
/// A table of all of them in the order of the input, and for each partition a chain through it, in the same order.
struct KeyedRecords: Sendable {
    /// Where the parts of a record lie in the chunk.
    struct Entry: Sendable {
        fileprivate let start: UInt32
        /// The end of the key, where the separator begins.
        fileprivate let keyEnd: UInt32
        fileprivate let valueStart: UInt32
        fileprivate let end: UInt32
        fileprivate var next: UInt32

        var record: Range<Int> { Int(start)..<Int(end) }
        var key: Range<Int> { Int(start)..<Int(keyEnd) }
        var value: Range<Int> { Int(valueStart)..<Int(end) }
    }

    /// The first and the last record of a partition.
    private struct Chain: Sendable {
        var first = none
        var last = none
    }

    /// Which records may be gathered.
    struct Rule: Sendable {
        let separator: BytePattern
        /// A key of these bytes is none.
        let nullMarker: [UInt8]?
        /// Bytes of the headers that each record gets.
        let headersSize: Int
        /// No larger record can be sent.
        let largestRecord: Int
    }

    /// Why gathering ended.
    enum End {
        case full
        case endOfBytes
        /// This record has no key, or can never be sent.
        case odd(Range<Int>)
    }

    /// How many are gathered at a time: with lines of 100 bytes about a chunk.
    static let capacity = 4096
    private static let none = UInt32.max

    /// How many records there are.
    private(set) var count = 0
    private var entries: [Entry] = []
    private var chains: [Chain] = []

    /// The partitions that records may be of.
    var partitions: KeyedPartitions { KeyedPartitions(count: Int32(truncatingIfNeeded: chains.count)) }

    /// Takes the next records of `bytes`, which has less than 4 GiB, in place of those that were here before.
    mutating func gather(
        _ bytes: Span<UInt8>,
        _ splitter: inout RecordSplitter,
        _ rule: Rule,
        _ partitions: KeyedPartitions
    ) -> End {
        prepare(partitions)
        return Self.gather(bytes, &splitter, rule, into: &entries, &chains, &count)
    }

    private static func gather(
        _ bytes: Span<UInt8>,
        _ splitter: inout RecordSplitter,
        _ rule: Rule,
        into entries: inout [Entry],
        _ chains: inout [Chain],
        _ count: inout Int
    ) -> End {
        let partitions = KeyedPartitions(count: Int32(truncatingIfNeeded: chains.count))
        // Each looked up once, since an array asks at every write whether it has the memory for itself.
        var entries = entries.mutableSpan
        var chains = chains.mutableSpan
        while count < capacity {
            guard let record = splitter.next(in: bytes) else { return .endOfBytes }
            let upToEnd = bytes.extracting(..<record.upperBound)
            guard let keyEnd = rule.separator.firstIndex(in: upToEnd, from: record.lowerBound) else {
                return .odd(record)
            }
            let key = record.lowerBound..<keyEnd
            let valueStart = keyEnd + rule.separator.count
            let size = RecordBatchBuilder.sizeUpperBound(
                keyCount: key.count,
                valueCount: record.upperBound - valueStart,
                headersSize: rule.headersSize
            )
            guard size <= rule.largestRecord, !bytes.isNull(key, marker: rule.nullMarker) else { return .odd(record) }
            let partition = Int(partitions.number(forKey: bytes.extracting(key)))
            entries[count] = Entry(
                start: UInt32(truncatingIfNeeded: record.lowerBound),
                keyEnd: UInt32(truncatingIfNeeded: keyEnd),
                valueStart: UInt32(truncatingIfNeeded: valueStart),
                end: UInt32(truncatingIfNeeded: record.upperBound),
                next: none
            )
            let index = UInt32(truncatingIfNeeded: count)
            let last = chains[partition].last
            if last == none { chains[partition].first = index } else { entries[Int(last)].next = index }
            chains[partition].last = index
            count += 1
        }
        return .full
    }

    private mutating func prepare(_ partitions: KeyedPartitions) {
        count = 0
        let partitionCount = Int(partitions.count)
        if entries.isEmpty {
            let empty = Entry(start: 0, keyEnd: 0, valueStart: 0, end: 0, next: Self.none)
            entries = Array(repeating: empty, count: Self.capacity)
        }
        if chains.count != partitionCount { chains = Array(repeating: Chain(), count: partitionCount) }
        for partition in chains.indices { chains[partition] = Chain() }
    }

    /// The record of this number, counted from 0 in the order of the input.
    subscript(index: Int) -> Entry { entries[index] }

    /// The first record of a partition.
    func first(of partition: Int) -> Int? { Self.index(chains[partition].first) }

    /// The record that comes after this one in its partition.
    func next(after entry: Entry) -> Int? { Self.index(entry.next) }

    private static func index(_ number: UInt32) -> Int? { number == none ? nil : Int(number) }
}
