// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import NIOCore
import Testing

/// Large batches to one partition over a path that is long, so that more of them are unanswered than a broker remembers of a
/// producer, while connections break and requests are refused.
@Suite("Long paths, with faults by chance", .takesTurns, .timeLimit(.minutes(10)))
struct LongPathChaosTests {
    private static let faults = [
        "produce delay-answer 50ms", "produce 8% append-then-drop", "produce 6% drop", "produce 6% half-answer",
        "produce 4% error NOT_ENOUGH_REPLICAS", "produce 6% error-after-append NOT_ENOUGH_REPLICAS_AFTER_APPEND",
        "produce 4% delay 40ms", "produce 2% down 60ms",
    ]

    @Test("each line is acked, and is there once and in order", arguments: Seeds.take(4))
    func eachOnce(seed: UInt64) async throws {
        let script = try FaultScript(parsing: (["seed \(seed)"] + Self.faults).joined(separator: "\n"), file: "faults")
        let broker = try await EmbeddedBroker.started { configuration in
            configuration.topics = ["t": 1]
            configuration.faults = script
        }
        // Two of them make a batch, and the load some forty.
        let lines = (0..<80).map { "\($0) " + String(repeating: "x", count: 500_000) }
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t", "-X", "retry.backoff.ms=5", "-X", "reconnect.backoff.ms=5"],
            input: .text(lines.joined(separator: "\n") + "\n")
        )
        #expect(finished.status == 0 && finished.errorText.contains("80 acked, 0 failed"), "\(finished)")
        let stored = try await broker.records(topic: "t", partition: 0).map { $0.value.map { String(buffer: $0) } }
        let numbers = stored.map { $0?.prefix { $0 != " " } }
        #expect(numbers == lines.map { $0.prefix { $0 != " " } }, "seed \(seed): \(finished)")
        await broker.stop()
    }
}
