// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing
import Vectors

/// Hashes of keys against those of the Java client.
@Suite("Murmur2Vector")
struct Murmur2VectorTests {
    struct Vector: Decodable {
        var key: String
        var murmur2: Int32
        var partition: [String: Int32]
    }

    @Test("every key has the Java client's hash and partitions")
    func hashes() throws {
        let vectors = try VectorFolder.load("murmur2.json", in: .module, as: [Vector].self)
        #expect(!vectors.isEmpty)
        for vector in vectors {
            let key = [UInt8](hex: vector.key)
            #expect(Murmur2.hash(key.span) == vector.murmur2, "\(vector.key)")
            for (count, partition) in vector.partition {
                let count = try #require(Int32(count))
                #expect(Murmur2.partition(forKey: key.span, count: count) == partition, "\(vector.key) of \(count)")
                let quick = KeyedPartitions(count: count).number(forKey: key.span)
                #expect(quick == partition, "\(vector.key) of \(count) without a division")
            }
        }
    }
}
