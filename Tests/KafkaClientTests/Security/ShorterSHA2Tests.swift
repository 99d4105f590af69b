// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Hashes against those of OpenSSL.
@Suite("ShorterSHA2")
struct ShorterSHA2Tests {
    private static let texts: [[UInt8]] = [[], Array("abc".utf8), Array(0..<200)]

    @Test("SHA-224")
    func sha224() {
        #expect(
            Self.texts.map { AWSSigner.hex(ShorterSHA2.sha224($0)) } == [
                "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
                "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
                "ab3e334a37953e18f4f673736dddb64e850bfdf29d5a7ba268c567d9",
            ]
        )
    }

    @Test("SHA-512/224")
    func sha512By224() {
        #expect(
            Self.texts.map { AWSSigner.hex(ShorterSHA2.sha512By224($0)) } == [
                "6ed0dd02806fa89e25de060c19d3ac86cabb87d6a0ddd05c333b84f4",
                "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
                "45455ac9539e497062d4d0023cb5591af4aced509e2465c2da57b466",
            ]
        )
    }

    @Test("SHA-512/256")
    func sha512By256() {
        #expect(
            Self.texts.map { AWSSigner.hex(ShorterSHA2.sha512By256($0)) } == [
                "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a",
                "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
                "e511aa65d4e53c0bb6065c9e1d2882248307fc4987e67fca18d7e3c77017df65",
            ]
        )
    }

    @Test("every length of a last block is padded")
    func lengths() {
        // The hash of the hashes of all lengths, by Python's hashlib.
        let all = (0..<260).map { [UInt8](repeating: 7, count: $0) }
        #expect(
            AWSSigner.hex(ShorterSHA2.sha224(all.flatMap(ShorterSHA2.sha224)))
                == "bd06187452074eab9012daa9b7e16871da742a433e4ba584565f5e2b"
        )
        #expect(
            AWSSigner.hex(ShorterSHA2.sha512By256(all.flatMap(ShorterSHA2.sha512By256)))
                == "c8be56302d436dc1eb6ebdccf339c336782e11a00c91a21e84c98555fb5c9000"
        )
    }
}
