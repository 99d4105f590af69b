// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Testing

/// What the built command says of its inputs.
@Suite("Words about inputs", .takesTurns, .timeLimit(.minutes(10)))
struct InputWordsTests {
    @Test("that something was not read is said when something follows, and not at the end of the input")
    func whatFollows() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let words = ["-b", broker.bootstrap, "-t", "t", "-K:", "--on-error", "abort"]
        let last = try folder.write("a:b\nnone\n", to: "last")
        let middle = try folder.write("none\na:b\n", to: "middle")
        let ended = try await KafkaProducerBinary.run(words + [last])
        #expect(ended.status == 1)
        #expect(!ended.errorText.contains("not read"), "\(ended)")
        let line = "reading ended before \(middle):2; what follows was not read"
        #expect(try await KafkaProducerBinary.run(words + [middle]).errorText.contains(line))
        let another = try await KafkaProducerBinary.run(words + [last, middle])
        #expect(another.errorText.contains("what follows was not read"), "\(another)")
        await broker.stop()
    }

    @Test("compressed input and CR LF are warned of once, with what to do, and sent as they are")
    func looks() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let first = try folder.write("\u{1F}", to: "1.gz")
        let files = try [[0x1F, 0x8B, 8, 10], [0x1F, 0x8B, 8, 10], Array("a\r\nb\r\n".utf8)].enumerated().map {
            try folder.write($0.element, to: "\($0.offset)")
        }
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "-q", "--decompress", "never", first] + files
        )
        #expect(finished.status == 0)
        #expect(
            finished.errorLines == [
                "kafka-producer: warning: \(files[0]) begins like gzip, and its bytes are sent as they are; to send what is "
                    + "in it: zcat \(files[0]) | kafka-producer ...",
                "kafka-producer: warning: the lines of \(files[2]) end in CR LF, and each record keeps the CR; --crlf strip "
                    + "removes it",
            ]
        )
        #expect(try await broker.sent(to: "t").map(\.value).suffix(2) == [[97, 13], [98, 13]])
        await broker.stop()
    }
}
