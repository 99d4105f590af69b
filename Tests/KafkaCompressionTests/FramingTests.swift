// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import Testing
import Vectors

@Suite("What the frames look like from outside")
struct FramingTests {
    @Test("snappy is framed as Java's SnappyOutputStream does, in blocks of 32 KiB")
    func xerial() throws {
        // The header is that of kafka-clients 4.3.0.
        let header = [UInt8](hex: "82 53 4e 41 50 50 59 00 00 00 00 01 00 00 00 01")
        #expect(try Codec.snappy.compress([]) == header)

        let compressed = try Codec.snappy.compress(Sample(kind: .text, count: 70_000).bytes)
        #expect(Array(compressed.prefix(16)) == header)
        var blocks: [Int] = []
        var position = 16
        while position < compressed.count {
            let length = compressed[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
            let block = Array(compressed[(position + 4)..<(position + 4 + length)])
            // A block alone is raw snappy.
            blocks.append(try CodecName.snappy.decompress(block).count)
            position += 4 + length
        }
        #expect(blocks == [32768, 32768, 4464])
    }

    @Test("lz4 frames have the header of the Java client and independent blocks of 64 KiB", arguments: [9, 1, 12])
    func lz4(level: Int) throws {
        // Header and empty frame as kafka-clients 4.3.0 begins and ends them.
        let header = [UInt8](hex: "04 22 4d 18 60 40 82")
        let codec = Codec.lz4(level: level)
        #expect(try codec.compress([]) == header + [0, 0, 0, 0])

        let compressed = try codec.compress(Sample(kind: .text, count: 150_000).bytes)
        #expect(Array(compressed.prefix(7)) == header)
        #expect(compressed.suffix(4) == [0, 0, 0, 0])
        var sizes: [Int] = []
        var position = 7
        while position < compressed.count - 4 {
            let length = compressed[position..<(position + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
            let block = compressed[position..<(position + 4 + length)]
            // Independent: each block alone makes a frame.
            sizes.append(try CodecName.lz4.decompress(header + block + [0, 0, 0, 0]).count)
            position += 4 + length
        }
        #expect(sizes == [65536, 65536, 18928])
    }

    @Test("an lz4 block that does not shrink is stored")
    func lz4Stored() throws {
        let bytes = Sample(kind: .noise, count: 65_537).bytes
        let compressed = try Codec.lz4().compress(bytes)
        #expect(compressed[7..<11] == [0x00, 0x00, 0x01, 0x80])
        #expect(compressed[11..<(11 + 65_536)] == bytes[..<65_536])
        #expect(Array(compressed.suffix(9)) == [0x01, 0x00, 0x00, 0x80, bytes[65_536], 0, 0, 0, 0])
    }

    @Test("what compresses badly never needs more room than was said", arguments: Codec.defaults, Sample.edges)
    func worstCase(codec: Codec, count: Int) throws {
        var compressor = try Compressor(codec)
        let compressed = try compressor.compress(Sample(kind: .noise, count: count).bytes)
        #expect(compressed.count <= compressor.maximumCompressedSize(of: count))
        #expect(compressor.maximumCompressedSize(of: count) < count + count / 5 + 1000)
    }
}
