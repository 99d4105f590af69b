// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The cipher suite in a server's first bytes.
@Suite("ServerHello")
struct ServerHelloTests {
    /// A record with a message whose session id has so many bytes.
    private static func bytes(id: Int, suite: UInt16 = 0x1301) -> [UInt8] {
        let body = [3, 3] + [UInt8](repeating: 7, count: 32) + [UInt8(id)] + [UInt8](repeating: 9, count: id)
        let message: [UInt8] =
            [2, 0, 0, UInt8(body.count + 5)] + body + [UInt8(suite >> 8), UInt8(suite & 0xFF), 0, 0, 0]
        return [22, 3, 3, 0, UInt8(message.count)] + message
    }

    @Test("the suite stands behind the session's id", arguments: [0, 1, 32])
    func suite(id: Int) {
        #expect(ServerHello(Self.bytes(id: id))?.cipherSuiteName == "TLS_AES_128_GCM_SHA256")
        #expect(ServerHello(Self.bytes(id: id, suite: 0xC02C))?.cipherSuite == 0xC02C)
    }

    @Test("a suite that has no name here is told by its number")
    func unknown() {
        #expect(ServerHello(Self.bytes(id: 0, suite: 0x9999))?.cipherSuiteName == "cipher suite 39321")
    }

    @Test("so many bytes as are kept are enough, and each fewer are too few")
    func prefixes() {
        let whole = Self.bytes(id: 32).prefix(ServerHello.mostBytes)
        #expect(ServerHello(Array(whole)) != nil)
        for count in 0..<whole.count { #expect(ServerHello(Array(whole.prefix(count))) == nil) }
    }

    @Test(
        "other bytes are none",
        arguments: [
            [],
            Array(
                "HTTP/1.1 400 Bad Request and more than enough bytes for a whole ServerHello, if it were one\r\n".utf8
            ),
            [21, 3, 3, 0, 2, 2, 40], [22, 3, 3, 0, 90, 1] + [UInt8](repeating: 0, count: 90),
            [22, 3, 3, 0, 90, 2] + [UInt8](repeating: 0xFF, count: 90),
        ] as [[UInt8]]
    )
    func others(bytes: [UInt8]) {
        #expect(ServerHello(bytes) == nil)
    }

    @Test("an alert is a record of TLS too, and HTTP is none")
    func records() {
        #expect(ServerHello.isRecord([21, 3, 3, 0, 2, 2, 40]) && ServerHello.isRecord(Self.bytes(id: 0)))
        #expect(
            !ServerHello.isRecord(Array("HTTP".utf8)) && !ServerHello.isRecord([22]) && !ServerHello.isRecord([0, 0])
        )
    }
}
