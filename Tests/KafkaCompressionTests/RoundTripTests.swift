// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import Testing

@Suite("Compressing and decompressing")
struct RoundTripTests {
    @Test("every codec gives back what it was given", arguments: Codec.defaults, Sample.all)
    func roundTrip(codec: Codec, sample: Sample) throws {
        let bytes = sample.bytes
        let compressed = try codec.compress(bytes)
        #expect(try codec.name.decompress(compressed) == bytes)
    }

    @Test(
        "every level gives back what it was given",
        arguments: [-1, 1, 2, 3, 4, 5, 6, 7, 8, 9].map { Codec.gzip(level: $0) }
            + (1...17).map { .lz4(level: $0) }
            + [-131072, -1000, -5, -1, 0, 1, 2, 6, 9, 12, 15, 19, 22].map { .zstd(level: $0) }
    )
    func levels(codec: Codec) throws {
        for sample in [Sample(kind: .text, count: 0), Sample(kind: .text, count: 70_000)] {
            let bytes = sample.bytes
            #expect(try codec.name.decompress(try codec.compress(bytes)) == bytes)
        }
    }

    @Test(
        "a level that Kafka does not know is refused",
        arguments: [-2, 0, 10].map { Codec.gzip(level: $0) } + [0, 18, -1].map { .lz4(level: $0) }
            + [23, -131073, .max, .min].map { .zstd(level: $0) }
    )
    func invalidLevels(codec: Codec) {
        let error = #expect(throws: CompressionError.self) { try codec.compress([]) }
        guard case .invalidLevel = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.codec == codec.name)
    }

    @Test("higher levels of lz4 compress better than the fast compressor at 9")
    func lz4Levels() throws {
        let bytes = Sample(kind: .text, count: 1 << 20).bytes
        let fast = try Codec.lz4(level: 9).compress(bytes).count
        for level in [1, 8, 10, 17] {
            #expect(try Codec.lz4(level: level).compress(bytes).count < fast)
        }
    }

    @Test("a compressor is used for batch after batch, also after one that failed", arguments: Codec.defaults)
    func reuse(codec: Codec) throws {
        var compressor = try Compressor(codec)
        for count in [10, 100_000, 0, 33_000, 1] {
            let bytes = Sample(kind: .noise, count: count).bytes
            #expect(throws: CompressionError.self) { try compressor.compress(bytes, room: 5) }
            let compressed = try compressor.compress(bytes)
            #expect(try codec.name.decompress(compressed) == bytes)
        }
    }

    @Test("too little room is an error, never an overrun", arguments: Codec.defaults)
    func outputTooSmall(codec: Codec) throws {
        for sample in [Sample(kind: .noise, count: 70_000), Sample(kind: .text, count: 70_000)] {
            let bytes = sample.bytes
            var compressor = try Compressor(codec)
            let needed = try compressor.compress(bytes).count
            for room in [0, 1, 4, 7, 11, 15, 16, 20, needed / 2, needed - 1] {
                let error = #expect(throws: CompressionError.self) { try compressor.compress(bytes, room: room) }
                #expect(error?.reason == .outputTooSmall(available: room) || error?.codec != .zstd)
            }
        }
    }

    @Test("what is already in the output stays")
    func appends() throws {
        let bytes = Sample(kind: .text, count: 1000).bytes
        for codec in Codec.defaults {
            var compressor = try Compressor(codec)
            let expected = try compressor.compress(bytes)
            let output = try compressor.compress(bytes, behind: [7, 7, 7])
            #expect(output == [7, 7, 7] + expected)
        }
    }
}
