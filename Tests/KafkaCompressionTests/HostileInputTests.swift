// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaCompression
import Testing
import Vectors

@Suite("Input that means harm")
struct HostileInputTests {
    @Test("nothing and noise throw", arguments: CodecName.allCases)
    func noise(codec: CodecName) {
        var generator = SplitMix64(seed: 7)
        #expect(throws: CompressionError.self) { try codec.decompress([]) }
        for count in 1..<300 {
            let noise = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            #expect(throws: CompressionError.self) { try codec.decompress(noise) }
        }
    }

    @Test("a small source that would grow without end stops at the limit", arguments: Codec.defaults)
    func bomb(codec: Codec) throws {
        let bomb = try codec.compress([UInt8](repeating: 0, count: 20 << 20))
        for limit in [0, 1, 65_535, 65_536, 65_537, 1 << 20] {
            let error = #expect(throws: CompressionError.self) { try codec.name.decompress(bomb, limit: limit) }
            #expect(error?.reason == .limitExceeded(limit))
        }
    }

    @Test("a snappy length that the bytes cannot hold is refused before memory is taken")
    func snappyLength() {
        // 4 GiB - 1 claimed by six bytes, raw and framed.
        let block = [UInt8](hex: "ff ff ff ff 0f 00")
        let frame = [UInt8](hex: "82 53 4e 41 50 50 59 00 00 00 00 01 00 00 00 01 00 00 00 06") + block
        for source in [block, frame] {
            let error = #expect(throws: CompressionError.self) {
                try CodecName.snappy.decompress(source, limit: .max)
            }
            #expect(error?.reason == .corrupt("impossible length"))
        }
    }

    @Test("xerial block lengths beyond the end, negative ones among them, throw")
    func xerialLength() {
        let header = [UInt8](hex: "82 53 4e 41 50 50 59 00 00 00 00 01 00 00 00 01")
        for length in ["7f ff ff ff", "ff ff ff ff", "80 00 00 00", "00 00 00 02"] {
            #expect(throws: CompressionError(.snappy, .truncated)) {
                try CodecName.snappy.decompress(header + [UInt8](hex: length) + [0])
            }
        }
    }

    @Test("a xerial stream that only a newer version can read is refused")
    func xerialVersion() {
        let header = [UInt8](hex: "82 53 4e 41 50 50 59 00 00 00 00 02 00 00 00 02")
        #expect(throws: CompressionError(.snappy, .corrupt("xerial version 2"))) {
            try CodecName.snappy.decompress(header)
        }
    }

    @Test(
        "a zstd frame that claims more than it holds gets no memory for it, whatever the limit",
        arguments: [1 << 20, .max]
    )
    func zstdContentSize(limit: Int) {
        // Single segment, content size in 8 bytes: 2^62; then an empty last block.
        let frame = [UInt8](hex: "28 b5 2f fd e0 00 00 00 00 00 00 00 40 01 00 00")
        #expect(throws: CompressionError.self) { try CodecName.zstd.decompress(frame, limit: limit) }
    }

    @Test("an error says which codec and why")
    func descriptions() {
        let error = CompressionError(.gzip, .limitExceeded(10))
        #expect(error.description == "gzip: the decompressed bytes would be more than 10")
    }
}
