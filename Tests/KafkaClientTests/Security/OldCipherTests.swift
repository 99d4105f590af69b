// SPDX-License-Identifier: Apache-2.0
import Testing
import Vectors

@testable import KafkaClient

/// The ciphers of old stores against examples of their standards.
@Suite("Ciphers of old stores")
struct OldCipherTests {
    @Test(
        "DES encrypts and decrypts known blocks",
        arguments: [
            // The worked example of many textbooks, and three of NIST's SP 500-20.
            (0x1334_5779_9BBC_DFF1 as UInt64, 0x0123_4567_89AB_CDEF as UInt64, 0x85E8_1354_0F0A_B405 as UInt64),
            (0x0101_0101_0101_0101, 0x95F8_A5E5_DD31_D900, 0x8000_0000_0000_0000),
            (0x8001_0101_0101_0101, 0, 0x95A8_D728_13DA_A94D),
            (0x7CA1_1045_4A1A_6E57, 0x01A1_D6D0_3977_6742, 0x690F_5B0D_9A26_939B),
        ]
    )
    func des(key: UInt64, plain: UInt64, encrypted: UInt64) {
        #expect(DES(key: key).encrypt(plain) == encrypted)
        #expect(DES(key: key).decrypt(encrypted) == plain)
    }

    @Test(
        "RC2 decrypts the blocks of RFC 2268",
        arguments: [
            ("ffffffffffffffff", 0x278B_27E4_2E2F_0D49 as UInt64, UInt64.max),
            ("3000000000000000", 0x3064_9EDF_9BE7_D2C2, 0x1000_0000_0000_0001),
            ("88bca90e90875a7f0f79c384627bafb2", 0x2269_552A_B0F8_5CA6, 0),
        ]
    )
    func rc2(key: String, encrypted: UInt64, plain: UInt64) {
        #expect(RC2(key: [UInt8](hex: key)).decrypt(encrypted) == plain)
    }

    @Test(
        "RC4 gives the streams of RFC 6229",
        arguments: [
            ("0102030405", "b2396305f03dc027ccc3524a0a1118a8"),
            ("0102030405060708090a0b0c0d0e0f10", "9ac7cc9a609d1ef7b2932899cde41b97"),
        ]
    )
    func rc4(key: String, stream: String) {
        #expect(RC4(key: [UInt8](hex: key)).apply(to: [UInt8](repeating: 0, count: 16)) == [UInt8](hex: stream))
    }

    @Test("what is no whole number of blocks, or wrongly padded, is refused", arguments: [0, 7, 8, 12])
    func damaged(count: Int) {
        let cipher = SmallBlockCipher.tripleDES(key: [UInt8](repeating: 1, count: 24))
        #expect(throws: StoreFault.self) {
            try cipher.decrypt([UInt8](repeating: 0, count: count), iv: [UInt8](repeating: 0, count: 8))
        }
    }
}
