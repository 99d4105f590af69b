// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// `resend` run again with the same file.
@Suite("Sending again, again", .takesTurns, .timeLimit(.minutes(10)))
struct ResendTwiceTests {
    private func resend(_ broker: EmbeddedBroker, _ arguments: [String]) async throws -> FinishedProcess {
        try await KafkaProducerBinary.run(["resend", "-b", broker.bootstrap] + arguments)
    }

    private func letters(_ values: [String]) -> String {
        values.map { #"{"topic":"t","value":"\#($0)"}"# + "\n" }.joined()
    }

    private func append(_ text: String, to file: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    @Test("what an earlier resend has delivered is not sent again without a word, what was appended since is")
    func twice() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let file = try folder.write(letters(["a", "b"]), to: "failed")
        #expect(try await resend(broker, [file]).status == 0)
        let second = try await resend(broker, [file])
        #expect(second.status == 0, "\(second)")
        let words = "2 records of \(file) were delivered by an earlier resend; --again sends all of them again"
        #expect(second.errorText.contains(words), "\(second)")
        #expect(second.errorText.contains("2 records read, 0 acked, 0 failed, 2 skipped;"), "\(second)")
        try append(letters(["c"]), to: file)
        let third = try await resend(broker, [file])
        #expect(third.errorText.contains("3 records read, 1 acked, 0 failed, 2 skipped;"), "\(third)")
        #expect(try await broker.sent(to: "t") == ["a", "b", "c"].map { SentRecord($0) })
        let all = try await resend(broker, ["--again", file])
        #expect(all.errorText.contains("3 records read, 3 acked, 0 failed;"), "\(all)")
        #expect(try await broker.sent(to: "t").count == 6)
        await broker.stop()
    }

    @Test("what failed again is in the new file, and a second run says so and sends nothing")
    func failedAgain() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let file = try folder.write(letters(["a"]) + "no letter\n" + letters(["b"]), to: "failed")
        #expect(try await resend(broker, [file]).status == 1)
        let second = try await resend(broker, [file])
        #expect(second.status == 0, "\(second)")
        #expect(
            second.errorText.contains(
                "2 records of \(file) were delivered by an earlier resend, 1 record failed in it and is in \(file).again"
            ),
            "\(second)"
        )
        #expect(try await broker.sent(to: "t").count == 2)
        await broker.stop()
    }

    @Test("another file under the name is sent as a whole, with a word")
    func replaced() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let file = try folder.write(letters(["a", "b"]), to: "failed")
        #expect(try await resend(broker, [file]).status == 0)
        try Data(letters(["x", "y"]).utf8).write(to: URL(fileURLWithPath: file))
        let second = try await resend(broker, [file])
        #expect(
            second.errorText.contains("is not what \(file).resent is about: all of its records are sent"),
            "\(second)"
        )
        #expect(try await broker.sent(to: "t") == ["a", "b", "x", "y"].map { SentRecord($0) })
        await broker.stop()
    }

    @Test("a letter that had no newline at its end and has grown is sent as it is now")
    func grownLine() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let file = try folder.write(letters(["a"]) + #"{"topic":"t","value":"b"}"#, to: "failed")
        #expect(try await resend(broker, [file]).status == 0)
        try append("\n" + letters(["c"]), to: file)
        let second = try await resend(broker, [file])
        #expect(second.errorText.contains("3 records read, 1 acked, 0 failed, 2 skipped;"), "\(second)")
        #expect(try await broker.sent(to: "t") == ["a", "b", "c"].map { SentRecord($0) })
        await broker.stop()
    }

    @Test("stdin has no mark, and a file that is no mark is not taken for one")
    func noMark() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        for _ in 0..<2 {
            let finished = try await KafkaProducerBinary.run(
                ["resend", "-b", broker.bootstrap, "-"],
                input: .text(letters(["a"]))
            )
            #expect(finished.errorText.contains("1 record read, 1 acked"), "\(finished)")
        }
        let file = try folder.write(letters(["b"]), to: "failed")
        _ = try folder.write("my notes\n", to: "failed.resent")
        let refused = try await resend(broker, [file])
        #expect(refused.status == 2 && refused.errorText.contains("failed.resent is no mark of an earlier resend"))
        #expect(try String(contentsOfFile: file + ".resent", encoding: .utf8) == "my notes\n")
        await broker.stop()
    }
}
