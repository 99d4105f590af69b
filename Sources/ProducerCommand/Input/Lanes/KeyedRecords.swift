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

    private static let none = UInt32.max
    /// How many records are found before these are put into their chains.
    private static let blockSize = 64

    /// The partitions that records may be of.
    private(set) var partitions = KeyedPartitions(count: 1)
    /// How many records there are.
    private(set) var count = 0
    private var entries: [Entry] = []
    private var chains: [Chain] = []
    /// The partitions that records are of, in the order in which these came: as many as `occupiedCount`.
    private var occupied: [Int32] = []
    private var occupiedCount = 0

    /// How many are gathered at a time for a topic of so many partitions: with lines of 100 bytes about a chunk. Of many
    /// partitions each is to get some, and the size of a chunk is the limit.
    static func capacity(partitions: Int32) -> Int { partitions > 512 ? 1 << 16 : 1 << 12 }

    /// The partitions that records are of, each once.
    var occupiedPartitions: Span<Int32> {
        @_lifetime(borrow self)
        get { occupied.span.extracting(first: occupiedCount) }
    }

    /// Takes the next records of `bytes`, which has less than 4 GiB, in place of those that were here before.
    mutating func gather(
        _ bytes: Span<UInt8>,
        _ splitter: inout RecordSplitter,
        _ rule: Rule,
        _ partitions: KeyedPartitions
    ) -> End {
        prepare(partitions)
        var end = End.full
        while count < entries.count {
            let begin = count
            let blockEnd = find(bytes, &splitter, rule)
            chain(from: begin, bytes)
            guard let blockEnd else { continue }
            end = blockEnd
            break
        }
        return end
    }

    /// Finds the parts of the next records, some at a time, so that their keys are still in the nearest cache when they are
    /// hashed; in a loop of its own, so that what it needs stays in registers. Returns why there are not so many; nil when
    /// there may be more.
    private mutating func find(_ bytes: Span<UInt8>, _ splitter: inout RecordSplitter, _ rule: Rule) -> End? {
        // In variables of its own, which nothing else can read.
        var lines = splitter
        var next = count
        defer { (splitter, count) = (lines, next) }
        let separator = rule.separator
        let (overhead, largest) = (Self.overhead(rule), rule.largestRecord)
        var entries = entries.mutableSpan
        let blockEnd = min(next + Self.blockSize, entries.count)
        while next < blockEnd {
            guard let record = lines.next(in: bytes) else { return .endOfBytes }
            let upToEnd = bytes.extracting(..<record.upperBound)
            guard let keyEnd = separator.firstIndexNearby(in: upToEnd, from: record.lowerBound) else {
                return .odd(record)
            }
            let size = record.count &- separator.count &+ overhead
            guard size <= largest, !bytes.isNull(record.lowerBound..<keyEnd, marker: rule.nullMarker) else {
                return .odd(record)
            }
            entries[next] = Entry(
                start: UInt32(truncatingIfNeeded: record.lowerBound),
                keyEnd: UInt32(truncatingIfNeeded: keyEnd),
                valueStart: UInt32(truncatingIfNeeded: keyEnd &+ separator.count),
                end: UInt32(truncatingIfNeeded: record.upperBound),
                next: Self.none
            )
            next &+= 1
        }
        return nil
    }

    /// The most that a record takes as a batch of its own, beside its key and value, in bytes.
    private static func overhead(_ rule: Rule) -> Int {
        RecordBatchBuilder.sizeUpperBound(keyCount: 0, valueCount: 0, headersSize: rule.headersSize)
    }

    /// Puts the records from the one of this number on at the ends of their partitions' chains.
    private mutating func chain(from begin: Int, _ bytes: Span<UInt8>) {
        let (partitions, end) = (partitions, count)
        var found = occupiedCount
        // Each looked up once, since an array asks at every write whether it has the memory for itself.
        var (entries, chains, occupied): ([Entry], [Chain], [Int32]) = ([], [], [])
        swap(&entries, &self.entries)
        swap(&chains, &self.chains)
        swap(&occupied, &self.occupied)
        defer {
            swap(&entries, &self.entries)
            swap(&chains, &self.chains)
            swap(&occupied, &self.occupied)
            occupiedCount = found
        }
        var table = entries.mutableSpan
        var ends = chains.mutableSpan
        var list = occupied.mutableSpan
        for number in begin..<end {
            let index = UInt32(truncatingIfNeeded: number)
            let key = bytes.extracting(table[number].key)
            let partition = Int(partitions.number(forKey: key))
            let last = ends[partition].last
            ends[partition].last = index
            if last == Self.none {
                ends[partition].first = index
                list[found] = Int32(truncatingIfNeeded: partition)
                found &+= 1
            } else {
                table[Int(last)].next = index
            }
        }
    }

    /// Empties the tables, at a cost of what is in them.
    private mutating func prepare(_ partitions: KeyedPartitions) {
        for index in 0..<occupiedCount { chains[Int(occupied[index])] = Chain() }
        (count, occupiedCount) = (0, 0)
        guard chains.count != Int(partitions.count) || entries.isEmpty else { return }
        self.partitions = partitions
        chains = Array(repeating: Chain(), count: Int(partitions.count))
        occupied = Array(repeating: 0, count: Int(partitions.count))
        let capacity = Self.capacity(partitions: partitions.count)
        guard entries.count != capacity else { return }
        let empty = Entry(start: 0, keyEnd: 0, valueStart: 0, end: 0, next: Self.none)
        entries = Array(repeating: empty, count: capacity)
    }

    /// The record of this number, counted from 0 in the order of the input.
    subscript(index: Int) -> Entry { entries[index] }

    /// All records that there are room for, in the order of the input.
    var table: Span<Entry> {
        @_lifetime(borrow self)
        get { entries.span }
    }

    /// The first record of a partition.
    func first(of partition: Int) -> Int? { Self.index(chains[partition].first) }

    /// The record that comes after this one in its partition.
    func next(after entry: Entry) -> Int? { Self.index(entry.next) }

    private static func index(_ number: UInt32) -> Int? { number == none ? nil : Int(number) }
}
