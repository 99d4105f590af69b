// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

@testable import ProducerCommand

/// What was acknowledged is read back, and what differs is found.
@Suite("Verifying a load", .takesTurns, .timeLimit(.minutes(10)))
struct VerifyTests {
    private func send(
        _ broker: EmbeddedBroker,
        _ arguments: [String] = [],
        _ text: String = (0..<2000).map { "k\($0 % 7):value \($0)\n" }.joined()
    ) async throws -> FinishedProcess {
        let words = ["-b", broker.bootstrap, "-t", "t", "--verify", "--summary-json", "-"]
        return try await KafkaProducerBinary.run(words + arguments, input: .text(text))
    }

    private func found(_ finished: FinishedProcess) throws -> [String: Int] {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(finished.output)) as? [String: Any])
        let verified = try #require(object["verified"] as? [String: Any])
        return verified.compactMapValues { $0 as? Int }
    }

    @Test(
        "what is stored as it was sent is verified, whatever the codec, lane and batches",
        arguments: [
            [], ["-z", "gzip"], ["-z", "zstd", "-K:", "-H", "h=1", "-H", "h"], ["-X", "batch.size=500", "-K:"],
            ["--sync", "--count", "20"],
            ["--transactional-id", "x", "--commit-records", "300"], ["-z", "lz4", "-X", "acks=1"],
        ]
    )
    func clean(arguments: [String]) async throws {
        let broker = try await EmbeddedBroker.started(partitions: 3)
        // Of others' records, before and between, nothing is expected.
        try await KafkaProducerBinary.send(.text("x\ny\n"), to: "t", at: broker.bootstrap)
        let finished = try await send(broker, arguments)
        #expect(finished.status == 0, "\(finished)")
        let count = arguments.contains("--count") ? 20 : 2000
        #expect(try found(finished)["records"] == count)
        #expect(finished.errorText.contains("; verified: \(count == 20 ? "20" : "2,000") records of "), "\(finished)")
        await broker.stop()
    }

    @Test("one byte that is another one is found, with its place and status 1", arguments: ["none", "lz4"])
    func flippedByte(codec: String) async throws {
        let broker = try await EmbeddedBroker.started()
        try await broker.inject(Fault(parsing: "fetch 1 alter-value"))
        let finished = try await send(broker, ["-X", "batch.size=1000", "-z", codec])
        #expect(finished.status == 1, "\(finished)")
        let found = try found(finished)
        #expect((found["altered"] ?? 0) > 0 && found["missing"] == 0)
        #expect((found["altered"] ?? 0) + (found["records"] ?? 0) == 2000)
        #expect(finished.errorText.contains("t-0: offsets 0 to "), "\(finished)")
        #expect(finished.errorText.contains("what is stored is not what was sent"))
        await broker.stop()
    }

    @Test("one record that is missing is found, with its place and status 1", arguments: ["none", "zstd"])
    func missingRecord(codec: String) async throws {
        let broker = try await EmbeddedBroker.started()
        try await broker.inject(Fault(parsing: "fetch 1 lose-record"))
        let finished = try await send(broker, ["-X", "batch.size=1000", "-z", codec])
        #expect(finished.status == 1, "\(finished)")
        #expect(try found(finished)["missing"] == 1 && found(finished)["records"] == 1999)
        #expect(finished.errorText.contains("records were acknowledged, and "), "\(finished)")
        await broker.stop()
    }

    @Test("what cannot be read back is no success, and what was never acknowledged is not looked for")
    func unreadable() async throws {
        let broker = try await EmbeddedBroker.started()
        try await broker.inject(Fault(parsing: "fetch error TOPIC_AUTHORIZATION_FAILED"))
        let finished = try await send(broker)
        #expect(finished.status == 1 && finished.errorText.contains("t-0 cannot be read back"), "\(finished)")
        let none = try await send(broker, [], "")
        #expect(none.status == 0, "\(none)")
        await broker.stop()
    }

    @Test("batches that lie in another order than they were read are found")
    func order() {
        let place = SentRange.Place(topic: "t", partition: 0)
        func range(_ offset: Int64, _ first: UInt64) -> SentRange {
            SentRange(
                place: place,
                offsets: offset..<(offset + 2),
                checksum: 0,
                isStampedByBroker: false,
                firstRecord: first
            )
        }
        #expect(RangeComparison(place, [range(4, 7), range(0, 0), range(2, 3)]).result.misplaced == 0)
        let comparison = RangeComparison(place, [range(0, 3), range(2, 0)])
        #expect(comparison.result.misplaced == 1)
        #expect(comparison.result.lines == ["t-0: offset 2 has record 1 of the input, behind record 4"])
    }
}
