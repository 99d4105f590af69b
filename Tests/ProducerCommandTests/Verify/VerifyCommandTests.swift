// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// `verify`: what receipts say is compared with what is stored, after the load.
@Suite("Verifying receipts", .takesTurns, .timeLimit(.minutes(10)))
struct VerifyCommandTests {
    /// Sends lines with receipts from a file; returns the folder with both.
    private func sent(_ broker: EmbeddedBroker, _ arguments: [String] = []) async throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        let lines = (0..<500).map { "k\($0 % 7):value \($0)\n" }.joined()
        let input = try folder.write(Array(lines.utf8), to: "in")
        let words =
            ["-b", broker.bootstrap, "-t", "t", "-K:", "--receipts", folder.path + "/receipts", input] + arguments
        let finished = try await KafkaProducerBinary.run(words)
        try #require(finished.status == 0, "\(finished)")
        return folder
    }

    private func verify(
        _ broker: EmbeddedBroker,
        _ folder: TemporaryDirectory,
        _ arguments: [String] = ["-K:"]
    ) async throws -> FinishedProcess {
        try await KafkaProducerBinary.run(["verify", "-b", broker.bootstrap, folder.path + "/receipts"] + arguments)
    }

    @Test("all records are there as the inputs have them", arguments: [[], ["-z", "zstd"], ["-H", "h=1"]])
    func clean(arguments: [String]) async throws {
        let broker = try await EmbeddedBroker.started(partitions: 3)
        let folder = try await sent(broker, arguments)
        let finished = try await verify(broker, folder, ["-K:"] + (arguments.first == "-H" ? arguments : []))
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.errorText.contains("verified: 500 records of 3 partitions read back as sent"), "\(finished)")
        await broker.stop()
    }

    @Test("a flipped byte and a missing record are found by their offset", arguments: ["alter-value", "lose-record"])
    func faults(fault: String) async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try await sent(broker)
        try await broker.inject(Fault(parsing: "fetch 1 \(fault)"))
        let finished = try await verify(broker, folder)
        #expect(finished.status == 1, "\(finished)")
        let text =
            fault == "alter-value"
            ? "what is stored is not what was sent" : "1 records were acknowledged, and 0 are there"
        #expect(finished.errorText.contains(text) && finished.errorText.contains("t-0: offsets "), "\(finished)")
        await broker.stop()
    }

    @Test("another input, or other options, is a difference; an input that is gone is told")
    func inputs() async throws {
        let broker = try await EmbeddedBroker.started()
        let folder = try await sent(broker)
        #expect(try await verify(broker, folder, []).status == 1)
        try FileManager.default.removeItem(atPath: folder.path + "/in")
        let finished = try await verify(broker, folder)
        #expect(finished.status == 0 && finished.errorText.contains("only the places are compared"), "\(finished)")
        await broker.stop()
    }

    @Test("what is no receipt is refused with its line")
    func noReceipt() async throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(Array("{}\n".utf8), to: "receipts")
        let finished = try await KafkaProducerBinary.run(["verify", "-b", "localhost:1", path])
        #expect(finished.status == 2 && finished.errorText.contains("receipts:1 is no receipt"), "\(finished)")
        #expect(try await KafkaProducerBinary.run(["verify", "-b", "localhost:1"]).status == 2)
        #expect(try await KafkaProducerBinary.run(["verify", "-b", "localhost:1", folder.path + "/none"]).status == 2)
    }
}
