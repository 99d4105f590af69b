// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation
import Testing

/// The built command into librdkafka's mock brokers while a seeded script pushes errors at them, takes them down and up,
/// and makes them slow.
///
/// The mock answers an error that was pushed instead of appending; so errors alone leave nothing twice, as long as every
/// answer is waited for. A connection that is closed (-195) takes along the answers to requests before; a broker that goes
/// down, or is slow, may have appended what it has not answered. The mock looks at no sequence, so that what is sent again is
/// there twice, and behind what was sent meanwhile: order can be kept with one request in flight only.
@Suite("Chaos in a mock cluster", .takesTurns, .needsPeers, .timeLimit(.minutes(15)))
struct MockClusterChaosTests {
    /// What a script does.
    enum Faults: String, CaseIterable, Sendable {
        /// Errors in place of appending.
        case errors
        /// Those, and connections that are closed, brokers that go down and up, move leaders, and answer late.
        case everything

        /// How long answers are waited for. For errors alone it is longer than any machine, however busy, lets a mock wait for
        /// its turn: what is given up and sent again would be there twice, though nothing went wrong.
        var timeouts: [String] {
            switch self {
            case .errors: ["request.timeout.ms=1000000", "delivery.timeout.ms=2000000", "max.block.ms=2000000"]
            case .everything: ["request.timeout.ms=2000", "delivery.timeout.ms=20000"]
            }
        }
    }

    private static let closesTheConnection = -195

    /// Errors after which a batch is sent again.
    private static let retriable = [2, 3, 5, 6, 7, 13, 14, 15, 16, 19, 20, 56]
    /// Errors after which it is not.
    private static let fatal = [17, 29, 32, 43, 44, 87]

    @Test("no acked line is lost, none has two ends, and order holds", arguments: Seeds.take(4), Faults.allCases)
    func chaos(seed: UInt64, faults: Faults) async throws {
        let folder = try TemporaryDirectory()
        let cluster = try await MockCluster(brokers: 3, topics: ["t": 12])
        let lines = NumberedLines(3000, seed: seed)
        var random = SplitMix64(seed: seed)
        let isOrdered = seed % 2 == 0
        let (receipts, letters) = (folder.path + "/receipts", folder.path + "/letters")
        let settings = [
            "linger.ms=0", "batch.size=300", "retry.backoff.ms=2", "retry.backoff.max.ms=20", "reconnect.backoff.ms=2",
            "reconnect.backoff.max.ms=20", "max.in.flight.requests.per.connection=\(isOrdered ? 1 : 5)",
        ]
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            ["-b", cluster.bootstrap, "-t", "t", "-K", "\\t", "--receipts", receipts, "--dead-letter", letters]
                + (settings + faults.timeouts).flatMap { ["-X", $0] },
            input: .open,
            directory: folder.path
        )
        try await cluster.command("rtt -1 1")
        for slice in 0..<30 {
            child.write(lines.text(slice * 100 + 1...slice * 100 + 100))
            for command in commands(faults, &random) { try await cluster.command(command) }
        }
        try await cluster.heal()
        child.closeInput()
        let finished = try await child.finish()

        let account = try RunAccount(finished, receipts: receipts, letters: letters)
        #expect(account.imbalance(lines: lines.count) == nil, "seed \(seed): \(finished)")
        let stored = StoredLines(try await TopicReader.read("t", from: cluster.bootstrap), of: lines)
        let ours = "seed \(seed), \(faults): \(finished.errorText)"
        #expect(stored.lost(account) == [], "\(ours)")
        #expect(stored.strangers == 0, "\(ours)")
        #expect(stored.wrongReceipt(account) == nil, "\(ours)")
        if isOrdered { #expect(stored.disorder() == nil, "\(ours)") }
        if faults == .errors {
            #expect(stored.duplicates == 0, "\(ours)")
            #expect(stored.numbers == account.acked, "\(ours)")
        }
    }

    /// Some commands for the mock.
    private func commands(_ faults: Faults, _ random: inout SplitMix64) -> [String] {
        let broker = Int.random(in: 1...3, using: &random)
        let kind = Int.random(in: 0..<(faults == .errors ? 5 : 10), using: &random)
        let retriable = Self.retriable + (faults == .errors ? [] : [Self.closesTheConnection])
        switch kind {
        case 0, 1:
            let codes = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                "\(retriable.randomElement(using: &random) ?? 7)"
            }
            return ["error 0 \(codes.count) " + codes.joined(separator: " ")]
        case 2: return ["error 0 1 \(Self.fatal.randomElement(using: &random) ?? 29)"]
        case 3: return ["error \([3, 18, 22].randomElement(using: &random) ?? 3) 2 7 \(retriable.last ?? 7)"]
        case 4: return []
        case 5: return ["down \(broker)", "up \(broker)"]
        case 6: return ["up -1", "down \(broker)"]
        case 7: return ["rtt \(broker) \(Int.random(in: 0...20, using: &random))"]
        case 8: return ["leader t \(Int.random(in: 0..<12, using: &random)) \(broker)"]
        default: return ["broker-error \(broker) 0 \(retriable.randomElement(using: &random) ?? 7) 5"]
        }
    }
}
