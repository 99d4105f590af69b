// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import KafkaReader
import Testing

/// Loads that are sent exactly once into embedded brokers that go wrong in every way, by a seed: run again and again until all
/// is committed, as a user would.
///
/// `CHAOS_SEEDS=N` and `CHAOS_FIRST=N` are those of `ChaosTests`, of which each fifth seed is tried; `CHAOS_TRANSACTIONS=1` has
/// all of them. `Scripts/chaos` sets them.
@Suite("Chaos in transactions", .takesTurns, .timeLimit(.minutes(60)))
struct ExactlyOnceChaosTests {
    private static let seeds: [UInt64] = {
        let first = number("CHAOS_FIRST") ?? 1
        let seeds = first..<first + (number("CHAOS_SEEDS") ?? 20)
        return number("CHAOS_TRANSACTIONS") == 1 ? Array(seeds) : seeds.filter { $0.isMultiple(of: 5) }
    }()

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }

    @Test(
        "readers of committed records see every line once, in order, or there is one dead letter of it",
        arguments: seeds.map { ExactlyOnceChaosCase(seed: $0) }
    )
    func chaos(chaos: ExactlyOnceChaosCase) async throws {
        let folder = try TemporaryDirectory()
        try folder.write(chaos.lines.text, to: "in")
        let broker = try await EmbeddedBroker.start(chaos.configuration)
        var runs: [FinishedProcess] = []
        repeat {
            if runs.count == ExactlyOnceChaosCase.mostRuns { try await broker.clearFaults() }
            runs.append(try await run(chaos, broker, folder))
        } while !isComplete(runs.last) && runs.count <= ExactlyOnceChaosCase.mostRuns
        // It waits for the markers of what is decided.
        let show = try await KafkaProducerBinary.run(["exactly-once", "show", "chaos", "-b", broker.bootstrap])
        #expect(show.status == 0, "\(show)")
        let stored = try await TopicReader.read("t", from: broker.bootstrap, isolation: .readCommitted)
        let happened = await broker.performedFaults.filter { $0.count > 0 }.map { "\($0.count) times \($0.fault)" }
        await broker.stop()
        let objections = try objections(chaos.lines, stored, folder, runs)
        #expect(
            objections == [],
            """
            \(chaos)
            happened: \(happened.joined(separator: "; "))
            \(runs.map(\.description).joined(separator: "\n=== next run\n"))
            """
        )
    }

    private func run(
        _ chaos: ExactlyOnceChaosCase,
        _ broker: EmbeddedBroker,
        _ folder: TemporaryDirectory
    ) async throws -> FinishedProcess {
        let words = ["--receipts", "receipts", "--dead-letter", "letters", "in"]
        return try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["-b", broker.bootstrap] + chaos.arguments + words,
            environment: ["XDG_STATE_HOME": folder.path + "/state"],
            directory: folder.path,
            limit: .seconds(120)
        )
    }

    /// Whether everything is committed or a dead letter: nothing follows from the position any more.
    private func isComplete(_ run: FinishedProcess?) -> Bool {
        guard let run else { return false }
        return run.status == 0
            || !run.errorText.contains("the same command goes on") && run.errorText.contains(" acked")
                && !run.errorText.contains(": 0 records read") && run.status == 1
                && !run.errorText.contains("uncommitted")
    }

    private func objections(
        _ lines: NumberedLines,
        _ stored: [StoredRecord],
        _ folder: TemporaryDirectory,
        _ runs: [FinishedProcess]
    ) throws -> [String] {
        func text(_ name: String) throws -> String {
            let path = folder.path + "/" + name
            return FileManager.default.fileExists(atPath: path) ? try String(contentsOfFile: path, encoding: .utf8) : ""
        }
        let receipts = try Receipt.all(in: text("receipts"))
        let letters = try LetterLine.all(in: folder.path + "/letters").map(\.line)
        let places = StoredLines(stored, of: lines)
        var objections: [String] = []
        if !isComplete(runs.last) { objections.append("the load is not complete after \(runs.count) runs") }
        if runs.contains(where: { $0.status > 1 }) { objections.append("a run ended with a status above 1") }
        if places.strangers > 0 { objections.append("\(places.strangers) records are none of the lines") }
        if places.duplicates > 0 { objections.append("\(places.duplicates) records are there again") }
        let missing = Set(1...lines.count).subtracting(places.numbers).subtracting(letters)
        if !missing.isEmpty { objections.append("lines are nowhere: \(missing.sorted().prefix(10))") }
        if !places.numbers.isDisjoint(with: letters) { objections.append("lines are there and have a dead letter") }
        if Set(letters).count != letters.count { objections.append("a line has two dead letters") }
        if let number = places.disorder() { objections.append("line \(number) is out of order") }
        let received = receipts.map(\.line)
        if received.count != places.numbers.count || Set(received) != places.numbers {
            objections.append("\(received.count) receipts of \(places.numbers.count) lines")
        }
        return objections
    }
}
