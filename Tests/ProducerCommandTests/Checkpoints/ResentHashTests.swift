// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import ProducerCommand

/// The checksum of a dead-letter file, taken as its bytes pass.
@Suite("ResentHash")
struct ResentHashTests {
    private func checksum(_ text: Substring) -> UInt32 { unsafe CRC32C.checksum(of: Array(text.utf8).span.bytes) }

    @Test("the checksum of what passed in chunks is that of the file up to there, wherever a chunk begins")
    func chunks() {
        let text = "one\ntwo\n\nthree\nfour\n"
        for second in [3, 4] {
            var hash = ResentHash()
            let bytes = Array(text.utf8)
            #expect(
                hash.pass(to: 3, in: Chunk(bytes.span.extracting(0..<5), at: 0, isEnd: false, time: 0))
                    == checksum("one")
            )
            let rest = Chunk(bytes.span.extracting(second..<bytes.count), at: UInt64(second), isEnd: true, time: 0)
            #expect(hash.pass(to: 14, in: rest) == checksum(text.prefix(14)))
            #expect(hash.pass(to: 19, in: rest) == checksum(text.prefix(19)))
        }
    }

    @Test("where bytes have gone unseen, nothing is known any more")
    func unseen() {
        let bytes = Array("one\r\ntwo\nthree\n".utf8)
        var hash = ResentHash()
        _ = hash.pass(to: 3, in: Chunk(bytes.span.extracting(0..<5), at: 0, isEnd: false, time: 0))
        let rest = Chunk(bytes.span.extracting(5..<bytes.count), at: 5, isEnd: true, time: 0)
        #expect(hash.pass(to: 8, in: rest) == nil)
        #expect(hash.pass(to: 14, in: rest) == nil)
        var other = ResentHash()
        #expect(other.pass(to: nil, in: Chunk(bytes.span, at: 0, isEnd: true, time: 0)) == nil)
        #expect(other.pass(to: 3, in: Chunk(bytes.span, at: 0, isEnd: true, time: 0)) == nil)
    }
}
