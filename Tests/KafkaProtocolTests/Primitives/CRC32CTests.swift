// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import CCRC32C
import KafkaProtocol
import Mutation
import Testing
import Vectors

@Suite("CRC-32C")
struct CRC32CTests {
    /// Input and result of RFC 3720, appendix B.4, and the check value of the CRC catalogues.
    static let known: [(bytes: [UInt8], checksum: UInt32)] = [
        ([], 0),
        (Array("123456789".utf8), 0xE306_9283),
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0..<32), 0x46DD_794E),
        (Array((0..<32).reversed()), 0x113F_DB5C),
        (
            [UInt8](
                hex: "01c00000000000000000000000000000140000000000040000000014000000182800000000000000"
                    + "0200000000000000"
            ),
            0xD996_3A56
        ),
    ]

    /// Around the lengths at which the lanes begin, and the ones in between.
    static let lengths = [
        0, 1, 7, 8, 9, 15, 16, 17, 63, 255, 1535, 1536, 1537, 1544, 3072, 4607, 12287, 12288, 12289, 12296, 13824,
        24576,
        30011,
    ]

    static let noise: [UInt8] = {
        var generator = SplitMix64(seed: 1)
        return (0..<40_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }()

    static func portable(_ bytes: ArraySlice<UInt8>, continuing: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe ccrc32c_portable(continuing, $0.baseAddress, $0.count) }
    }

    static func checksum(_ bytes: ArraySlice<UInt8>, continuing: UInt32 = 0) -> UInt32 {
        CRC32C.checksum(of: unsafe bytes.span.bytes, continuing: continuing)
    }

    @Test("known values come out, by the instruction and by tables", arguments: known)
    func values(bytes: [UInt8], checksum: UInt32) {
        #expect(Self.checksum(bytes[...]) == checksum)
        #expect(Self.portable(bytes[...]) == checksum)
    }

    @Test("instruction and tables agree for all lengths up to 600 and all alignments")
    func shortLengths() {
        for length in 0...600 {
            for offset in 0..<8 {
                let bytes = Self.noise[offset..<(offset + length)]
                #expect(Self.checksum(bytes) == Self.portable(bytes))
            }
        }
    }

    @Test("instruction and tables agree where the lanes begin and end", arguments: lengths)
    func longLengths(length: Int) {
        for offset in 0..<8 {
            let bytes = Self.noise[offset..<(offset + length)]
            #expect(Self.checksum(bytes, continuing: 0xDEAD_BEEF) == Self.portable(bytes, continuing: 0xDEAD_BEEF))
        }
    }

    @Test("a checksum is continued", arguments: lengths)
    func continuing(length: Int) {
        let bytes = Self.noise[..<length]
        for split in [0, 1, length / 3, length / 2, length] where split <= length {
            let first = Self.checksum(bytes[..<split])
            #expect(Self.checksum(bytes[split...], continuing: first) == Self.checksum(bytes))
        }
    }

    @Test("two checksums are combined into that of both pieces", arguments: lengths)
    func combine(length: Int) {
        let bytes = Self.noise[..<length]
        for split in [0, 1, length / 3, length / 2, length] where split <= length {
            let first = Self.checksum(bytes[..<split])
            let second = Self.checksum(bytes[split...])
            #expect(CRC32C.combine(first, second, secondLength: length - split) == Self.checksum(bytes))
        }
    }

    @Test("two checksums are combined for all lengths of the second piece up to 600")
    func combineShort() {
        for length in 0...600 {
            let bytes = Self.noise[..<(61 + length)]
            let (first, second) = (Self.checksum(bytes[..<61]), Self.checksum(bytes[61...]))
            #expect(CRC32C.combine(first, second, secondLength: length) == Self.portable(bytes))
        }
    }

    @Test("lengths beyond four gigabytes are combined: their parts give the same")
    func combineLong() {
        // Zeros change a checksum by their number alone: n and m zeros do what n + m do.
        for (first, second) in [(1, 1 << 31), (1 << 32, 12345), (1 << 40, (1 << 35) - 7)] {
            let stepwise = CRC32C.combine(CRC32C.combine(0xCAFE_F00D, 0, secondLength: first), 0, secondLength: second)
            #expect(stepwise == CRC32C.combine(0xCAFE_F00D, 0, secondLength: first + second))
        }
    }
}
