// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaCompression
import Testing
import Vectors

/// Bytes that other implementations wrote, all from the same text.
@Suite("Reading what others compressed")
struct GoldenTests {
    static let text = (0..<20).map { "line \($0) of the golden text\n" }.joined()

    struct Golden: CustomTestStringConvertible {
        var codec: CodecName
        var origin: String
        /// Several frames or members: their boundaries are legitimate ends.
        var boundaries: [Int] = []
        var hex: String

        var bytes: [UInt8] { [UInt8](hex: hex) }
        var testDescription: String { "\(codec.rawValue): \(origin)" }
    }

    static let all = [
        Golden(
            codec: .gzip,
            origin: "Python 3.11 gzip, level 6",
            hex: """
                1f8b08000000000000037dd0b90d80400c05d19c2a5c029f9b7e308764ed260e281f9133c413cd8babb8b55677cbd3eda8b179b1
                f43b9b788bb074587a2c039611cb8465c6b26059f9f4078115c40c6207318458424c21b61063e853e301ff30d01412020000
                """
        ),
        Golden(
            codec: .gzip,
            origin: "Python 3.11 gzip, two members of levels 9 and 1",
            boundaries: [70],
            hex: """
                1f8b0800000000000203cbc9cc4b553050c84f5328c9485548cfcf4949cd532849ad28e1ca01c918e29431c229638c53c604a78c
                294e19339c32e6c832004c68c76dc80000001f8b08000000000004034bcd532849ad28e1cac9cc4b55b050c84f5328c9485548cf
                cf49494596b1c4296368805bca10b794116e2963dc5226b8a54c714b99e19632c72d853b300cb1860600d09ef0c94a010000
                """
        ),
        Golden(
            codec: .lz4,
            origin: "liblz4 1.9.4 by Python lz4 4.4.5, blocks as Kafka's",
            hex: """
                04224d1860408281000000f10b6c696e652030206f662074686520676f6c64656e20746578740a1a001f311a00061f321a00061f
                331a00061f341a00061f351a00061f361a00061f371a00061f381a00061f391a00061f310501080f0601071f310701071f310801
                071f310901071f310a01071f310b01071f310c01071f310d01071c310e0150746578740a00000000
                """
        ),
        Golden(
            codec: .lz4,
            origin: "liblz4 1.9.4 by Python lz4 4.4.5, linked 4 MiB blocks, all checksums, content size, level 9",
            hex: """
                04224d187c4012020000000000008280000000f10b6c696e652030206f662074686520676f6c64656e20746578740a1a001f311a
                00061f321a00061f331a00061f341a00061f351a00061f361a00061f371a00061f381a00061f39ea00070f0501080f0601071f31
                0701071f310801071f310901071f310a01071f310b01071f310c01071f310d01071c310e0150746578740afa6ca3e30000000000
                6d008b
                """
        ),
        Golden(
            codec: .lz4,
            origin: "liblz4 1.9.4 by Python lz4 4.4.5, two frames",
            boundaries: [85],
            hex: """
                04224d1860408246000000f10b6c696e652030206f662074686520676f6c64656e20746578740a1a001f311a00061f321a00061f
                331a00061f341a00061f351a00061f361a000613371a005020676f6c640000000004224d186040825a000000f90b656e20746578
                740a6c696e652038206f662074686520676f6c641a001f391a00062f31301b00071f311b00071f321b00071f331b00071f341b00
                071f351b00071f361b00071f371b00070f0d01071c310e0150746578740a00000000
                """
        ),
        Golden(
            codec: .zstd,
            origin: "libzstd 1.5.7 by Python zstandard 0.25, level 3",
            hex: """
                28b52ffd601201050300c4026c696e652030206f662074686520676f6c64656e20746578740a3132333435363738393131313131
                31313131140011fb09c4daf7b03673585b1ad63e86b5d9c2daa2b0f625ac1d082b3cb030b008580e2c0c2c0296030b038b80bdf6
                35c7
                """
        ),
        Golden(
            codec: .zstd,
            origin: "libzstd 1.5.7 by Python zstandard 0.25, level 19, checksum, no content size",
            hex: """
                28b52ffd0400950200e2820a11a0ed40909f7f5b556343af4929f47b6a043ff9ffff8f4e9a428638d8a8eba7c9c165656b051dac
                afb914a810e8ebff0630438a0f101ae1df11ce07115b393adc60062fa802138670eaa7eaeceb53297c623d
                """
        ),
        Golden(
            codec: .zstd,
            origin: "libzstd 1.5.7 by Python zstandard 0.25, two frames of level 1",
            boundaries: [66],
            hex: """
                28b52ffd20c8cd010064026c696e652030206f662074686520676f6c64656e20746578740a6c696e652031323334353637070080
                13b01c581858042c0716865e261928b52ffd00001d02006402656e20746578740a6c696e652038206f662074686520676f6c6439
                31303132333435363738390c008016601fb019b005d8076c066c01f6019bf9b41b58847dcc31
                """
        ),
        Golden(
            codec: .snappy,
            origin: "Rust snap by Python cramjam 2.14, raw",
            hex: """
                9204646c696e652030206f662074686520676f6c64656e20746578740a051a0031621a000032621a000033621a000034621a0000
                35621a000036621a000037621a000038621a000039621a0000316a05016606010031660701003166080100316609010031660a01
                0031660b010031660c010031660d010031520e01
                """
        ),
        Golden(
            codec: .snappy,
            origin: "Rust snap by Python cramjam 2.14, two blocks in xerial framing",
            boundaries: [16, 95],
            hex: """
                82534e415050590000000001000000010000004bc801646c696e652030206f662074686520676f6c64656e20746578740a051a00
                31621a000032621a000033621a000034621a000035621a000036621a003037206f662074686520676f6c6400000056ca0264656e
                20746578740a6c696e652038206f662074686520676f6c64321a000039621a00043130661b000031661b000032661b000033661b
                000034661b000035661b000036661b000037661b00660d010031520e01
                """
        ),
    ]

    @Test("the text comes out", arguments: all)
    func decompress(golden: Golden) throws {
        #expect(String(decoding: try golden.codec.decompress(golden.bytes), as: UTF8.self) == Self.text)
    }

    @Test("every truncation throws, but at the end of a frame", arguments: all)
    func truncations(golden: Golden) throws {
        let bytes = golden.bytes
        for count in bytes.indices {
            let prefix = Array(bytes.prefix(count))
            if golden.boundaries.contains(count) {
                #expect(Self.text.utf8.starts(with: try golden.codec.decompress(prefix)))
            } else {
                #expect(throws: CompressionError.self, "\(count)") { try golden.codec.decompress(prefix) }
            }
        }
    }

    @Test("what follows the last frame and is none throws", arguments: all)
    func trailingGarbage(golden: Golden) {
        for garbage: [UInt8] in [
            [0], [0xFF], Array("garbage, quite a lot of it".utf8), [UInt8](repeating: 0, count: 64),
        ] {
            let isEmptyBlocks = golden.codec == .snappy && garbage.allSatisfy { $0 == 0 } && garbage.count % 4 == 0
            guard !isEmptyBlocks else { continue }
            #expect(throws: CompressionError.self, "\(garbage)") {
                try golden.codec.decompress(golden.bytes + garbage)
            }
        }
    }

    @Test("a frame after a frame, and a stream after a stream, are read on", arguments: all)
    func concatenated(golden: Golden) throws {
        guard golden.codec != .snappy || golden.boundaries.isEmpty == false else { return }
        let text = try golden.codec.decompress(golden.bytes + golden.bytes)
        #expect(String(decoding: text, as: UTF8.self) == Self.text + Self.text)
    }

    @Test("the limit is kept, and just enough is enough", arguments: all)
    func limit(golden: Golden) throws {
        let count = Self.text.utf8.count
        #expect(try golden.codec.decompress(golden.bytes, limit: count).count == count)
        for limit in [-1, 0, 1, 199, 200, 201, count - 1] {
            let error = #expect(throws: CompressionError.self) {
                try golden.codec.decompress(golden.bytes, limit: limit)
            }
            #expect(error?.reason == .limitExceeded(max(limit, 0)))
        }
    }

    @Test("changed bytes give an error or other bytes, never a trap", arguments: all)
    func mutations(golden: Golden) {
        var generator = SplitMix64(seed: 42)
        let bytes = golden.bytes
        for _ in 0..<3000 {
            var changed = bytes
            for _ in 0...(generator.next() % 3) {
                changed[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            if let result = try? golden.codec.decompress(changed, limit: 10_000) {
                #expect(result.count <= 10_000)
            }
        }
    }
}
