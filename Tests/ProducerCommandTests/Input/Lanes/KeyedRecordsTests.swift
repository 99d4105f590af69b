// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

@testable import ProducerCommand

/// Records of a chunk, parted by the partitions that their keys stand for.
@Suite("KeyedRecords")
struct KeyedRecordsTests {
    private let partitionCount: Int32 = 5

    private func rule(nullMarker: String? = nil, largestRecord: Int = 1000) -> KeyedRecords.Rule {
        KeyedRecords.Rule(
            separator: BytePattern(Array("::".utf8)) ?? .tab,
            nullMarker: nullMarker.map { Array($0.utf8) },
            headersSize: 1,
            largestRecord: largestRecord
        )
    }

    private func occupied(_ gathered: KeyedRecords) -> [Int32] {
        let partitions = gathered.occupiedPartitions
        return partitions.indices.map { partitions[$0] }
    }

    /// The texts of a partition's records.
    private func records(_ gathered: KeyedRecords, _ partition: Int, of bytes: [UInt8]) -> [String] {
        var texts: [String] = []
        var next = gathered.first(of: partition)
        while let index = next {
            let entry = gathered[index]
            let (key, value) = (bytes[entry.key], bytes[entry.value])
            texts.append("\(index) \(String(decoding: key, as: UTF8.self)) \(String(decoding: value, as: UTF8.self))")
            next = gathered.next(after: entry)
        }
        return texts
    }

    @Test("each record is in the chain of its key's partition, in the order of the input, with its number")
    func chains() {
        let keys = (0..<40).map { "k\($0 % 13)" }
        let bytes = Array((keys.enumerated().map { "\($1)::v\($0)\n" }.joined() + "rest").utf8)
        var gathered = KeyedRecords()
        // What was there before leaves no trace.
        for _ in 0..<2 {
            var splitter = RecordSplitter()
            let end = gathered.gather(bytes.span, &splitter, rule(), KeyedPartitions(count: partitionCount))
            guard case .endOfBytes = end else { return #expect(Bool(false), "ended with \(end)") }
            #expect(gathered.count == 40 && gathered.partitions.count == 5)
            #expect(occupied(gathered).sorted() == [0, 1, 2, 3, 4])
            for partition in 0..<5 {
                let expected = keys.indices.filter {
                    Int(Murmur2.partition(forKey: Array(keys[$0].utf8).span, count: partitionCount)) == partition
                }
                #expect(records(gathered, partition, of: bytes) == expected.map { "\($0) \(keys[$0]) v\($0)" })
            }
        }
    }

    @Test(
        "gathering ends before a record without a key, or that is too large",
        arguments: ["no separator", "NULL::value", "key::" + String(repeating: "x", count: 1000), "half:"]
    )
    func odd(record: String) {
        let bytes = Array("k::v\n\(record)\nk::w\n".utf8)
        var (gathered, splitter) = (KeyedRecords(), RecordSplitter())
        let rule = rule(nullMarker: "NULL")
        let end = gathered.gather(bytes.span, &splitter, rule, KeyedPartitions(count: partitionCount))
        guard case .odd(let range) = end else { return #expect(Bool(false), "ended with \(end)") }
        #expect(String(decoding: bytes[range], as: UTF8.self) == record)
        #expect(gathered.count == 1)
        _ = gathered.gather(bytes.span, &splitter, rule, KeyedPartitions(count: partitionCount))
        #expect(gathered.count == 1)
    }

    @Test("a record of the largest size is gathered")
    func largest() {
        let bytes = Array("key::value\n".utf8)
        let size = 61 + 21 + 3 + 5 + 1
        for (limit, count) in [(size, 1), (size - 1, 0)] {
            var (gathered, splitter) = (KeyedRecords(), RecordSplitter())
            let partitions = KeyedPartitions(count: partitionCount)
            _ = gathered.gather(bytes.span, &splitter, rule(largestRecord: limit), partitions)
            #expect(gathered.count == count)
        }
    }

    @Test("the partitions that records are of are known, and no others", arguments: [1, 5, 700] as [Int32])
    func occupied(partitionCount: Int32) {
        let partitions = KeyedPartitions(count: partitionCount)
        var gathered = KeyedRecords()
        for round in 0..<5 {
            let keys = (0..<3).map { "round \(round) key \($0)" }
            let bytes = Array(keys.map { "\($0)::v\n" }.joined().utf8)
            var splitter = RecordSplitter()
            _ = gathered.gather(bytes.span, &splitter, rule(), partitions)
            let expected = Set(keys.map { Murmur2.partition(forKey: Array($0.utf8).span, count: partitionCount) })
            #expect(Set(occupied(gathered)) == expected && occupied(gathered).count == expected.count)
            for partition in 0..<Int(partitionCount) where !expected.contains(Int32(partition)) {
                #expect(gathered.first(of: partition) == nil)
            }
        }
    }

    @Test("what was gathered for other partitions leaves no trace when there are more or fewer")
    func changedPartitions() {
        let bytes = Array((0..<100).map { "key \($0)::\($0)\n" }.joined().utf8)
        var gathered = KeyedRecords()
        for partitionCount: Int32 in [3, 600, 1, 600, 5] {
            var splitter = RecordSplitter()
            _ = gathered.gather(bytes.span, &splitter, rule(), KeyedPartitions(count: partitionCount))
            let found = occupied(gathered).flatMap { records(gathered, Int($0), of: bytes) }
            #expect(found.count == 100 && Set(found).count == 100)
        }
    }

    @Test("gathering ends when the table is full, and goes on behind it", arguments: [1, 512, 513] as [Int32])
    func full(partitionCount: Int32) {
        let capacity = KeyedRecords.capacity(partitions: partitionCount)
        let partitions = KeyedPartitions(count: partitionCount)
        let bytes = Array((0..<capacity + 7).map { "k::\($0)\n" }.joined().utf8)
        var (gathered, splitter) = (KeyedRecords(), RecordSplitter())
        guard case .full = gathered.gather(bytes.span, &splitter, rule(), partitions) else {
            return #expect(Bool(false), "not full")
        }
        #expect(gathered.count == capacity)
        _ = gathered.gather(bytes.span, &splitter, rule(), partitions)
        let partition = Int(partitions.number(forKey: Array("k".utf8).span))
        #expect(records(gathered, partition, of: bytes) == (0..<7).map { "\($0) k \($0 + capacity)" })
    }
}
