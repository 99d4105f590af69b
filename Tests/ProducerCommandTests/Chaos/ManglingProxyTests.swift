// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Logging
import NIOCore
import Testing

/// The built command behind a proxy that flips, drops, inserts, doubles and cuts off bytes, delays and resets.
///
/// Which claims hold: a batch has a checksum, so what is stored is what was sent, and no answer is made for what was not
/// stored. Nothing protects an answer: a flipped error code or offset cannot be told from a true one. So requests are held
/// against all claims, and answers only against those about the command itself.
@Suite("A network that damages bytes", .takesTurns, .timeLimit(.minutes(15)))
struct ManglingProxyTests {
    private static let settings = [
        "linger.ms=0", "batch.size=400", "retry.backoff.ms=5", "retry.backoff.max.ms=50", "reconnect.backoff.ms=5",
        "reconnect.backoff.max.ms=50", "request.timeout.ms=300", "delivery.timeout.ms=5000", "max.block.ms=5000",
        "socket.connection.setup.timeout.ms=300", "socket.connection.setup.timeout.max.ms=1000",
    ]

    private struct Run {
        var account: RunAccount
        var lines: NumberedLines
        var stored: StoredLines
    }

    /// Sends numbered lines through proxies, one before each broker.
    private func run(
        seed: UInt64,
        brokers count: Int,
        partitions: Int,
        requests: Mangler.Style,
        responses: Mangler.Style,
        faults: Int
    ) async throws -> Run {
        let folder = try TemporaryDirectory()
        let budget = DamageBudget(faults)
        var proxies: [ManglingProxy] = []
        for index in 0..<count {
            let seed = seed &* 31 &+ UInt64(index)
            proxies.append(
                try await ManglingProxy(.init(requests: requests, responses: responses, budget: budget, seed: seed))
            )
        }
        var configuration = EmbeddedBroker.Configuration()
        configuration.brokers = count
        configuration.advertisedPorts = proxies.map(\.port)
        configuration.topics = ["t": partitions]
        configuration.autoCreateTopics = false
        let silence = Logger(label: "broker") { _ in SwiftLogNoOpLogHandler() }
        let broker = try await EmbeddedBroker.start(configuration, logger: silence)
        for (proxy, port) in zip(proxies, broker.ports) { proxy.forward(to: port) }

        let lines = NumberedLines(1500, seed: seed)
        let (receipts, letters) = (folder.path + "/receipts", folder.path + "/letters")
        let words = ["-b", broker.bootstrap, "-t", "t", "-K", "\\t", "--receipts", receipts, "--dead-letter", letters]
        let finished = try await KafkaProducerBinary.run(
            words + Self.settings.flatMap { ["-X", $0] },
            input: .text(lines.text)
        )
        var stored: [StoredRecord] = []
        for partition in 0..<partitions {
            for record in try await broker.records(topic: "t", partition: partition) {
                stored.append(StoredRecord(record, partition: partition))
            }
        }
        for proxy in proxies { await proxy.stop() }
        await broker.stop()
        let account = try RunAccount(finished, receipts: receipts, letters: letters)
        if let summary = account.summary, summary.acked == 0, stored == [] {
            // The topic could not be found, or no broker: nothing was sent, and what was read until then has failed.
            #expect([1, 3].contains(account.status), "seed \(seed): \(finished)")
            #expect(account.receipts == [] && summary.failed == summary.read, "seed \(seed): \(finished)")
            #expect(account.letters.map(\.line).sorted() == Array(1..<(summary.read + 1)), "seed \(seed): \(finished)")
        } else {
            #expect(account.imbalance(lines: lines.count) == nil, "seed \(seed): \(finished)")
        }
        let kept = StoredLines(stored, of: lines)
        #expect(kept.strangers == 0, "seed \(seed)")
        return Run(account: account, lines: lines, stored: kept)
    }

    @Test(
        "damaged requests: every acked line is at its place, in order, bit for bit; nothing else is",
        arguments: Seeds.take(4)
    )
    func requests(seed: UInt64) async throws {
        // One partition: a flipped number of a partition, which nothing protects, must not name another one.
        let run = try await run(
            seed: seed,
            brokers: 1,
            partitions: 1,
            requests: .bytes,
            responses: .nothing,
            faults: 60
        )
        #expect(run.stored.lost(run.account) == [], "seed \(seed)")
        #expect(run.stored.wrongReceipt(run.account) == nil, "seed \(seed)")
        #expect(run.stored.disorder() == nil, "seed \(seed)")
        #expect(run.stored.duplicates == 0, "seed \(seed)")
    }

    @Test("damaged both ways: the command ends with a balanced ledger", arguments: Seeds.take(3))
    func bothWays(seed: UInt64) async throws {
        _ = try await run(seed: seed, brokers: 3, partitions: 6, requests: .bytes, responses: .bytes, faults: 80)
    }

    @Test("damaged bodies of responses: the command ends with a balanced ledger", arguments: Seeds.take(4))
    func bodies(seed: UInt64) async throws {
        _ = try await run(seed: seed, brokers: 2, partitions: 4, requests: .nothing, responses: .bodies, faults: 60)
    }
}

extension StoredRecord {
    /// A record as the embedded broker has it.
    init(_ record: KafkaEmbeddedBroker.StoredRecord, partition: Int) {
        self.init(
            partition: Int32(partition),
            offset: record.offset,
            timestamp: record.timestamp,
            key: record.key.map { Data($0.readableBytesView) },
            value: record.value.map { Data($0.readableBytesView) }
        )
    }
}
