// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// `--summary-json`: the account for a program to read.
@Suite("The account as JSON", .takesTurns, .timeLimit(.minutes(10)))
struct SummaryFileTests {
    private struct Account: Decodable {
        struct Failure: Decodable {
            struct Place: Decodable, Equatable {
                var file: String
                var line: Int
                var byteOffset: Int
            }
            var name: String
            var count: Int
            var first: Place?
            var message: String
        }
        var read: Int
        var acked: Int
        var failed: Int
        var skipped: Int
        var notDelivered: Int
        var seconds: Double
        var failures: [Failure]
        var exitStatus: Int32
        var signal: Int32?
    }

    private func account(_ text: String) throws -> Account {
        try JSONDecoder().decode(Account.self, from: Data(text.utf8))
    }

    @Test("to stdout: what was read and what became of it, failures by name with their first place")
    func failures() async throws {
        let broker = try await EmbeddedBroker.started()
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "-K:", "--summary-json", "-"],
            input: .text("a:1\nb\nc:2\nd\n")
        )
        #expect(finished.status == 1, "\(finished)")
        let account = try account(finished.outputText)
        #expect((account.read, account.acked, account.failed) == (4, 2, 2))
        #expect(account.failures.map(\.name) == ["NO_KEY_SEPARATOR"] && account.failures[0].count == 2)
        #expect(account.failures[0].first == .init(file: "stdin", line: 2, byteOffset: 4))
        #expect(account.exitStatus == 1 && account.signal == nil)
        await broker.stop()
    }

    @Test("a file is replaced, also when there was nothing to do; -q does not silence it")
    func replaced() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let path = try folder.write(Array(repeating: 0x20, count: 5000), to: "account.json")
        let input = try folder.write(Array("a\nb\n".utf8), to: "in")
        let words = [
            "-q", "-b", broker.bootstrap, "-t", "t", "--checkpoint", folder.path + "/state", "--summary-json", path,
            input,
        ]
        for (acked, skipped) in [(2, 0), (0, 2)] {
            let finished = try await KafkaProducerBinary.run(words)
            #expect(finished.status == 0, "\(finished)")
            let account = try account(String(contentsOfFile: path, encoding: .utf8))
            #expect((account.read, account.acked, account.skipped) == (2, acked, skipped))
        }
        await broker.stop()
    }

    @Test("a run that comes to nothing has an account too, with its status")
    func comesToNothing() async throws {
        let settings = try await KafkaProducerBinary.run([
            "-t", "t", "--summary-json", "-", "-X", "acks=7", "-b", "localhost:1",
        ])
        #expect(try account(settings.outputText).exitStatus == 2 && settings.status == 2)
        let words = ["-t", "t", "--summary-json", "-", "-b", "localhost:1", "-X", "max.block.ms=200"]
        let nobody = try await KafkaProducerBinary.run(words, input: .text("x\n"))
        let account = try account(nobody.outputText)
        #expect(nobody.status == 3 && account.exitStatus == 3 && account.failed == 1, "\(nobody)")
    }

    @Test("resend has it too")
    func resend() async throws {
        let broker = try await EmbeddedBroker.started { $0.messageMaxBytes = 200 }
        let folder = try TemporaryDirectory()
        let letters = folder.path + "/letters"
        let words = ["-b", broker.bootstrap, "-t", "t", "--dead-letter", letters]
        #expect(try await KafkaProducerBinary.run(words, input: .text(String(repeating: "x", count: 500))).status == 1)
        let finished = try await KafkaProducerBinary.run([
            "resend", "-b", broker.bootstrap, "--summary-json", "-", letters,
        ])
        let account = try account(finished.outputText)
        #expect(finished.status == 1 && account.failures.map(\.name) == ["MESSAGE_TOO_LARGE"], "\(finished)")
        await broker.stop()
    }

    @Test("it is no input and no other output, and one that cannot be written makes the status 1")
    func refused() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try TemporaryDirectory()
        let input = try folder.write(Array("a\n".utf8), to: "in")
        let start = ["-b", broker.bootstrap, "-t", "t", input]
        for (words, text) in [
            (["--summary-json", input], "is the input"), (["--summary-json", "&99"], "descriptor 99 is not open"),
            (["--summary-json", folder.path + "/x", "--receipts", folder.path + "/x"], "is the file of the account"),
            (["--summary-json", folder.path + "/no/x"], "cannot write"),
            (["--summary-json", ""], "takes the name of a file"),
        ] {
            let finished = try await KafkaProducerBinary.run(start + words)
            #expect(finished.status == 2 && finished.errorText.contains(text), "\(finished)")
        }
        #expect(await broker.topics["t"] == nil)
        let full = try await KafkaProducerBinary.run(start + ["--summary-json", "/dev/full"])
        #expect(full.status == 1 && full.errorText.contains("--summary-json: cannot write /dev/full"), "\(full)")
        await broker.stop()
    }
}
