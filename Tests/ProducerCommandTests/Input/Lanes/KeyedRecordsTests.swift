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

    @Test("gathering ends when the table is full, and goes on behind it")
    func full() {
        let total = KeyedRecords.capacity + 7
        let bytes = Array((0..<total).map { "k::\($0)\n" }.joined().utf8)
        var (gathered, splitter) = (KeyedRecords(), RecordSplitter())
        guard case .full = gathered.gather(bytes.span, &splitter, rule(), KeyedPartitions(count: 1)) else {
            return #expect(Bool(false), "not full")
        }
        #expect(gathered.count == KeyedRecords.capacity)
        _ = gathered.gather(bytes.span, &splitter, rule(), KeyedPartitions(count: 1))
        #expect(records(gathered, 0, of: bytes) == (0..<7).map { "\($0) k \($0 + KeyedRecords.capacity)" })
    }
}
