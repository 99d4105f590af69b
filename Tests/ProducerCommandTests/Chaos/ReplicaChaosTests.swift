// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// The built command into brokers with replicas, by a seed: with acks=all nothing is lost and nothing is there twice; with acks=1
/// no more is lost than replicas have cut off.
///
/// `CHAOS_SEEDS=N` and `CHAOS_FIRST=N` are those of `ChaosTests`, of which each third seed is tried; `CHAOS_REPLICAS=1` has all of
/// them. `Scripts/chaos` sets them.
@Suite("Chaos among replicas", .takesTurns, .timeLimit(.minutes(60)))
struct ReplicaChaosTests {
    private static let seeds: [UInt64] = {
        let first = number("CHAOS_FIRST") ?? 1
        let seeds = first..<first + (number("CHAOS_SEEDS") ?? 20)
        return number("CHAOS_REPLICAS") == 1 ? Array(seeds) : seeds.filter { $0.isMultiple(of: 3) }
    }()

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }

    @Test(
        "acks=all loses nothing, and what acks=1 loses is counted",
        arguments: seeds.map { ReplicaChaosCase(seed: $0) }
    )
    func chaos(chaos: ReplicaChaosCase) async throws {
        let folder = try TemporaryDirectory()
        let (receipts, letters) = (folder.path + "/receipts", folder.path + "/letters")
        let log = BrokerLog()
        let broker = try await EmbeddedBroker.start(chaos.configuration, logger: log.logger)
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "--receipts", receipts, "--dead-letter", letters] + chaos.arguments,
            input: .text(chaos.lines.text),
            limit: .seconds(120)
        )
        let account = try RunAccount(finished, receipts: receipts, letters: letters)
        let states = try await heal(broker)
        let stored = StoredLines(try await records(of: broker), of: chaos.lines)
        let cutOff = await broker.recordsCutOff
        let happened = await broker.performedFaults.filter { $0.count > 0 }.map { "\($0.count) times \($0.fault)" }
        await broker.stop()
        var objections = states
        if chaos.isSafe {
            objections += ChaosVerdict.objections(.exactlyOnceInOrder, mayFail: false, account, stored, chaos.lines)
        } else {
            if let imbalance = account.imbalance(lines: chaos.lines.count) { objections.append(imbalance) }
            if stored.strangers > 0 { objections.append("\(stored.strangers) records are none of the lines") }
            let lost = stored.lost(account)
            if lost.count > cutOff { objections.append("\(lost.count) are lost and \(cutOff) were cut off: \(lost)") }
        }
        #expect(
            objections == [],
            """
            \(chaos.description)
            happened: \(happened.joined(separator: "; "))
            \(finished.errorText)
            \(log.text)
            """
        )
    }

    /// Brings all brokers back, and lets followers fetch; returns what is wrong with the replicas then.
    private func heal(_ broker: EmbeddedBroker) async throws -> [String] {
        try await broker.recover(brokers: ReplicaChaosCase.brokers)
        var objections: [String] = []
        for partition in 0..<ReplicaChaosCase.partitions {
            let state = try await broker.describe(topic: ReplicaChaosCase.topic, partition: partition)
            let ends = Set(state.logEndOffsets.values)
            if state.inSyncReplicas != state.replicas || ends.count != 1 || ends.first != state.highWatermark {
                objections.append("the replicas of partition \(partition) differ: \(state)")
            }
        }
        return objections
    }

    private func records(of broker: EmbeddedBroker) async throws -> [StoredRecord] {
        var records: [StoredRecord] = []
        for partition in 0..<ReplicaChaosCase.partitions {
            for record in try await broker.records(topic: ReplicaChaosCase.topic, partition: partition) {
                records.append(StoredRecord(record, partition: partition))
            }
        }
        return records
    }
}
