// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What `Scripts/endurance` shows with millions of lines, with fewer.
@Suite("Endurance", .takesTurns, .needsPeers, .timeLimit(.minutes(15)))
struct EnduranceTests {
    private func endure(_ item: String, lines: Int, _ options: [String] = []) async throws {
        let script = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
        let finished = try await ChildProcess.run(
            String(script) + "/Scripts/endurance",
            ["--lines", "\(lines)", "--pause", "1"] + options + [item],
            environment: ["KAFKA_PRODUCER_BINARY": try TestTools.kafkaProducer()],
            // It is for a script that hangs: on a machine that does other things a good one takes minutes.
            limit: .seconds(600)
        )
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.outputLines.last == "==> endurance: \(item): all held")
    }

    @Test("the broker killed in the middle of a load and started again: every line once, in order")
    func brokerKilled() async throws { try await endure("broker", lines: 300_000) }

    @Test("the command killed in the middle of a load and started again: none missing, twice only what was in flight")
    func commandKilled() async throws { try await endure("command", lines: 300_000) }

    @Test("a load that is sent exactly once, its command killed 20 times and its broker 4: as a load without kills")
    func exactlyOnce() async throws { try await endure("exactly-once", lines: 100_000, ["--kills", "20"]) }

    @Test("a login that is renewed each second of a load: status 0, every line once, in order")
    func loginRenewed() async throws { try await endure("renewal", lines: 300_000) }

    @Test("the broker killed in the middle of a load over SASL_SSL and started again: every line once, in order")
    func securedBrokerKilled() async throws { try await endure("broker", lines: 300_000, ["--secured"]) }

    @Test("one record in a thousand refused: balanced, kept exactly, and sent again once the limit is lifted")
    func refused() async throws { try await endure("refusal", lines: 100_000) }
}
