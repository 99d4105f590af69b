// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import NIOCore
import Testing

/// What the built command says of lines that are sent with `acks=0`, and what of that is true.
@Suite("acks=0", .takesTurns, .timeLimit(.minutes(10)))
struct AcksNoneTests {
    private static let lines = NumberedLines(4001, seed: 7)

    private struct Run {
        var finished: FinishedProcess
        var account: RunAccount
        var stored: StoredLines
    }

    /// Sends all lines into a broker with these faults.
    private func send(_ faults: [String], _ settings: [String] = []) async throws -> Run {
        let folder = try TemporaryDirectory()
        let (receipts, letters) = (folder.path + "/receipts", folder.path + "/letters")
        let broker = try await EmbeddedBroker.started { $0.topics = ["t": 1] }
        for fault in faults { try await broker.inject(try Fault(parsing: fault)) }
        let words = ["-b", broker.bootstrap, "-t", "t", "-K", "\\t", "-X", "acks=0", "-X", "batch.size=2000"]
        let files = ["--receipts", receipts, "--dead-letter", letters]
        let more = (["reconnect.backoff.ms=2", "retry.backoff.ms=2"] + settings).flatMap { ["-X", $0] }
        let finished = try await KafkaProducerBinary.run(words + files + more, input: .text(Self.lines.text))
        let records = try await broker.records(topic: "t", partition: 0).map { record in
            StoredRecord(
                partition: 0,
                offset: record.offset,
                timestamp: record.timestamp,
                key: record.key.map { Data($0.readableBytesView) },
                value: record.value.map { Data($0.readableBytesView) }
            )
        }
        await broker.stop()
        return Run(
            finished: finished,
            account: try RunAccount(finished, receipts: receipts, letters: letters),
            stored: StoredLines(records, of: Self.lines)
        )
    }

    @Test(
        "a leader that does not know of a topic that was just made loses nothing",
        arguments: ["NOT_LEADER_OR_FOLLOWER", "UNKNOWN_TOPIC_OR_PARTITION"]
    )
    func topicJustMade(error: String) async throws {
        let run = try await send(["produce 1-4 error \(error)"])
        #expect(run.finished.status == 0, "\(run.finished)")
        #expect(run.stored.numbers.count == 4001 && run.stored.duplicates == 0 && run.stored.disorder() == nil)
        #expect(run.account.imbalance(lines: 4001) == nil)
    }

    @Test(
        "what a broken connection leaves open is told as such, kept, and nothing that was acked is missing",
        arguments: [
            "produce 5 drop", "produce 5 append-then-drop", "produce 5 down 300ms",
            "produce 9 error NOT_LEADER_OR_FOLLOWER",
        ]
    )
    func brokenConnection(fault: String) async throws {
        let run = try await send([fault])
        #expect(run.finished.status == 1, "\(run.finished)")
        #expect(run.account.imbalance(lines: 4001) == nil)
        #expect(Set(run.account.letters.map(\.error)) == ["SENT_UNKNOWN"], "\(run.finished)")
        #expect(run.stored.lost(run.account) == [] && run.stored.duplicates == 0)
        #expect(run.finished.errorText.contains("Look into the topic before you send these again"))
    }

    @Test("a broker that goes silent is told as unknown after request.timeout.ms")
    func silent() async throws {
        let run = try await send(["produce 5 no-answer"], ["request.timeout.ms=300"])
        #expect(run.account.imbalance(lines: 4001) == nil)
        #expect(Set(run.account.letters.map(\.error)) == ["SENT_UNKNOWN"], "\(run.finished)")
        #expect(run.stored.lost(run.account) == [] && run.stored.duplicates == 0)
    }
}
