// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import ProducerCommand

@Suite("Values that are made before the load")
struct PayloadPoolTests {
    private func values(_ pool: PayloadPool) -> [[UInt8]] {
        (0..<pool.count).map { Array(pool.storage[pool[$0]]) }
    }

    @Test("random capital letters of the size, no more than there are records, the same in every run")
    func letters() {
        let pool = PayloadPool(recordSize: 10, ratio: nil, limit: 100)
        #expect(pool.count == 100)
        #expect(values(pool).allSatisfy { $0.count == 10 && $0.allSatisfy { (0x41...0x5A).contains($0) } })
        #expect(Set(values(pool)).count == 100)
        #expect(Set(pool.storage).count == 26)
        #expect(pool.storage == PayloadPool(recordSize: 10, ratio: nil, limit: 100).storage)
    }

    @Test("the pool is bounded: sixteen large values, or sixteen mebibytes of small ones")
    func bounds() {
        #expect(PayloadPool(recordSize: 2 << 20, ratio: 100_000, limit: .max).count == 16)
        #expect(PayloadPool(recordSize: 1 << 16, ratio: 100_000, limit: .max).count == 256)
    }

    @Test("the pieces of a file are its values, byte for byte; nothing follows the last delimiter")
    func pieces() throws {
        let text = Array("one\n\ntwo".utf8) + [0xFF, 0x00]
        #expect(
            values(PayloadPool(splitting: text, at: .newline)) == [
                Array("one".utf8), [], Array("two".utf8) + [0xFF, 0],
            ]
        )
        #expect(values(PayloadPool(splitting: text + [0x0A], at: .newline)).count == 3)
        let pattern = try #require(BytePattern(Array("--".utf8)))
        #expect(values(PayloadPool(splitting: Array("a--b-c--".utf8), at: pattern)) == [[0x61], Array("b-c".utf8)])
        #expect(PayloadPool(splitting: [], at: .newline).count == 0)
    }

    @Test("keys have their size, and all of them are drawn")
    func keys() throws {
        var maker = try #require(KeyMaker(size: 4, cardinality: 50))
        var key = maker.blank
        var seen: Set<[UInt8]> = []
        for _ in 0..<2000 {
            maker.write(over: &key)
            #expect(key.count == 4)
            seen.insert(key)
        }
        #expect(seen.count == 50)
        #expect(seen.contains(Array("0000".utf8)) && seen.contains(Array("001d".utf8)))
    }

    @Test("a long key is zeros before its number, and there are no more keys than fit")
    func keySizes() throws {
        var maker = try #require(KeyMaker(size: 20, cardinality: .max))
        var key = maker.blank
        maker.write(over: &key)
        #expect(key.count == 20 && key.prefix(13).allSatisfy { $0 == 0x30 })
        #expect(KeyMaker(size: 1, cardinality: 36) != nil)
        #expect(KeyMaker(size: 1, cardinality: 37) == nil)
        #expect(KeyMaker(size: 0, cardinality: 1) == nil)
        #expect(KeyMaker(size: 8, cardinality: 0) == nil)
    }
}
