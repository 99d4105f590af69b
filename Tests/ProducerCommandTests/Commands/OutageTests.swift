// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

@testable import ProducerCommand

/// A cluster that goes away for good in the middle of a load.
@Suite("Outages", .takesTurns, .timeLimit(.minutes(10)))
struct OutageTests {
    private let folder: TemporaryDirectory
    private let line = String(repeating: "x", count: 99)

    init() throws { folder = try TemporaryDirectory() }

    /// Little memory and little time, so that several fillings of it would fail.
    private let settings = [
        "buffer.memory=100000", "batch.size=16384", "delivery.timeout.ms=900", "request.timeout.ms=300", "linger.ms=0",
        "reconnect.backoff.ms=20", "reconnect.backoff.max.ms=50",
    ].flatMap { ["-X", $0] }

    /// Lines of 100 bytes, each another one: thirty fillings of the memory.
    private func input() throws -> String {
        let lines = (100_000..<130_000).map { "\($0)" + line.dropFirst(6) + "\n" }
        return try folder.write(lines.joined(), to: "in")
    }

    /// A broker that takes some batches and is gone then.
    private func brokerThatGoes() async throws -> EmbeddedBroker {
        let broker = try await EmbeddedBroker.started { $0.topics = ["t": 1] }
        try await broker.inject(try Fault(parsing: "produce 9 down 3600s"))
        return broker
    }

    private func figures(_ finished: FinishedProcess) throws -> (read: Int, acked: Int, failed: Int) {
        let summary = try #require(finished.errorLines.last { $0.contains(" read, ") })
        let numbers = summary.prefix { $0 != ";" }.split(separator: ", ").map { part in
            Int(part.split(separator: " ").first { $0.first?.isNumber == true }?.filter { $0 != "," } ?? "") ?? -1
        }
        try #require(numbers.count == 3, "\(summary)")
        return (numbers[0], numbers[1], numbers[2])
    }

    @Test("reading ends, the account is balanced, and the place to go on from is told: status 3")
    func stops() async throws {
        let broker = try await brokerThatGoes()
        let input = try input()
        let finished = try await KafkaProducerBinary.run(["-b", broker.bootstrap, "-t", "t"] + settings + [input])
        let (read, acked, failed) = try figures(finished)
        #expect(finished.status == 3, "\(finished)")
        #expect(read == acked + failed && acked > 0 && failed > 0 && read < 30_000, "\(finished)")
        #expect(
            finished.errorText.contains("error: no broker has answered for 900 ms (delivery.timeout.ms)"),
            "\(finished)"
        )
        let end = "reading ended before \(input):\(read + 1), byte \(read * 100); what follows was not read"
        #expect(finished.errorText.contains(end), "\(finished)")
        let first = "the first record that failed is \(input):\(acked + 1), byte \(acked * 100): go on from there"
        #expect(finished.errorText.contains(first), "\(finished)")
        await broker.stop()
    }

    @Test("with dead letters and a checkpoint nothing is lost: the same command goes on, and resend sends the rest")
    func goesOn() async throws {
        let broker = try await brokerThatGoes()
        let (input, state, dead) = (try input(), folder.path + "/state", folder.path + "/dead")
        let files = ["--checkpoint", state, "--dead-letter", dead]
        let arguments = ["-b", broker.bootstrap, "-t", "t", "-X", "batch.size=16384"] + files
        let finished = try await KafkaProducerBinary.run(arguments + settings + [input])
        let failed = try figures(finished).failed
        #expect(finished.status == 3, "\(finished)")
        #expect(try LetterLine.all(in: dead).count == failed)
        #expect(
            finished.errorText.contains("run the same command again: it goes on where \(state) says"),
            "\(finished)"
        )
        try await broker.clearFaults()
        try await broker.start(node: 1)
        let again = try await KafkaProducerBinary.run(arguments + [input])
        #expect(again.status == 0, "\(again)")
        let resent = try await KafkaProducerBinary.run(["resend", "-b", broker.bootstrap, dead])
        #expect(resent.status == 0, "\(resent)")
        // A batch whose answer was lost with the broker may be there twice.
        let stored = try await broker.sent(to: "t").map(\.value)
        #expect(Set(stored).count == 30_000, "\(finished)\n\(again)\n\(resent)")
        await broker.stop()
    }

    @Test("--on-outage wait reads all of it, and fails what does not find its way: status 1")
    func waits() async throws {
        let broker = try await brokerThatGoes()
        let input = try folder.write(String(repeating: line + "\n", count: 4000), to: "in")
        let words = ["-b", broker.bootstrap, "-t", "t", "--on-outage", "wait"] + settings + [input]
        let finished = try await KafkaProducerBinary.run(words)
        let (read, acked, failed) = try figures(finished)
        #expect(finished.status == 1, "\(finished)")
        #expect(read == 4000 && read == acked + failed, "\(finished)")
        await broker.stop()
    }

    @Test("resend ends too, and keeps what it could not send")
    func resend() async throws {
        let broker = try await brokerThatGoes()
        let letter = #"{"topic":"t","value":"\#(line)"}"# + "\n"
        let input = try folder.write(String(repeating: letter, count: 40_000), to: "letters")
        let finished = try await KafkaProducerBinary.run(["resend", "-b", broker.bootstrap] + settings + [input])
        let (read, acked, failed) = try figures(finished)
        #expect(finished.status == 3, "\(finished)")
        #expect(read == acked + failed && failed > 0 && read < 40_000, "\(finished)")
        #expect(finished.errorText.contains("reading ended after \(input):\(read); keep the file"), "\(finished)")
        #expect(try LetterLine.all(in: input + ".again").count == failed)
        await broker.stop()
    }

    @Test("perf ends too: status 3")
    func perf() async throws {
        let broker = try await brokerThatGoes()
        let load = ["perf", "-b", broker.bootstrap, "-t", "t", "--num-records", "100000", "--record-size", "100"]
        let words = settings.map { $0 == "-X" ? "--command-property" : $0 }
        let finished = try await KafkaProducerBinary.run(load + words)
        #expect(finished.status == 3, "\(finished)")
        #expect(finished.errorText.contains("no broker has answered for 900 ms"), "\(finished)")
        await broker.stop()
    }

    private static func place(_ line: UInt64) -> InputPlace { InputPlace(input: "a", line: line, offset: line * 10) }

    @Test("where to go on depends on what was kept of the records that failed")
    func advice() {
        let end = "reading ended before a:9, byte 90; what follows was not read"
        func advice(_ failed: UInt64?, _ letters: String?, _ checkpoint: String?) -> [String] {
            OutageWatch.advice(
                end: Self.place(9),
                firstFailed: failed.map(Self.place),
                deadLetters: letters,
                checkpoint: checkpoint
            )
        }
        #expect(advice(3, "dead", "state") == [end, "run the same command again: it goes on where state says"])
        #expect(advice(3, "dead", nil) == ["\(end): go on from there"])
        #expect(advice(nil, nil, nil) == ["\(end): go on from there"])
        #expect(advice(3, nil, nil).last?.hasPrefix("the first record that failed is a:3, byte 30: go on from") == true)
    }
}
