// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import RandomNumbers
import Testing

/// A load that is sent exactly once while brokers go wrong, all of which follows from its seed.
struct ExactlyOnceChaosCase: Sendable, CustomStringConvertible {
    static let topic = "t"
    static let partitions = 3
    static let brokers = 3
    /// A load that fails for good in one run goes on with the next one. After so many nothing goes wrong any more.
    static let mostRuns = 6

    let seed: UInt64
    let lines: NumberedLines
    let configuration: EmbeddedBroker.Configuration
    private let settings: [String]
    private let commitRecords: Int

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.seed = seed
        lines = NumberedLines(
            Int.random(in: 200...1500, using: &random),
            keys: Int.random(in: 1...60, using: &random),
            seed: random.next()
        )
        commitRecords = Int.random(in: 20...600, using: &random)
        settings = [
            "batch.size=\(Int.random(in: 300...4000, using: &random))", "retry.backoff.ms=2", "retry.backoff.max.ms=20",
            "reconnect.backoff.ms=2", "reconnect.backoff.max.ms=20", "metadata.max.age.ms=1000", "max.block.ms=20000",
            "request.timeout.ms=400", "delivery.timeout.ms=\(Int.random(in: 1000...8000, using: &random))",
        ]
        var configuration = EmbeddedBroker.Configuration()
        configuration.brokers = Self.brokers
        configuration.replicationFactor = Self.brokers
        configuration.minInSyncReplicas = 1
        configuration.topics = [Self.topic: Self.partitions]
        configuration.transactions.version = Bool.random(using: &random) ? .first : .second
        if Bool.random(using: &random) {
            configuration.transactions.markerDelay = .milliseconds(Int.random(in: 1...60, using: &random))
        }
        var faults = ChaosFaults.take(Bool.random(using: &random) ? .network : .refusals, &random)
        for _ in 0..<Int.random(in: 3...12, using: &random) { faults.append(Self.coordination(&random)) }
        configuration.faults = FaultScript(faults, seed: random.next())
        self.configuration = configuration
    }

    /// What goes wrong on the way to coordinators. None of it is a lie: what is answered is so.
    private static func coordination(_ random: inout SplitMix64) -> Fault {
        let apis: [APIKey] = [
            .findCoordinator, .initProducerID, .addPartitionsToTransaction, .addOffsetsToTransaction,
            .transactionOffsetCommit, .endTransaction, .offsetFetch, .describeTransactions,
        ]
        let api = apis[Int.random(in: 0..<apis.count, using: &random)]
        let actions: [Fault.Action] = [
            .drop, .appendThenDrop, .halfAnswer, .error(.coordinatorLoadInProgress), .error(.coordinatorNotAvailable),
            .delayAnswer(.milliseconds(30)), .moveCoordinator(to: nil, loading: .milliseconds(10)),
        ]
        var action = actions[Int.random(in: 0..<actions.count, using: &random)]
        if case .moveCoordinator = action, api == .findCoordinator || api == .describeTransactions { action = .drop }
        return Fault(action, to: api, when: .nth(Int.random(in: 1...12, using: &random)))
    }

    /// The command line, but for brokers and files.
    var arguments: [String] {
        ["-v", "-t", Self.topic, "-K", "\\t", "--exactly-once", "chaos", "--commit-records", "\(commitRecords)"]
            + settings.flatMap { ["-X", $0] }
    }

    var description: String {
        """
        seed \(seed) (again: Scripts/chaos --transactions --first \(seed) --seeds 1): \(lines.count) lines, \
        \(commitRecords) a transaction, transaction.version \(configuration.transactions.version)
        \(settings.joined(separator: " "))
        \(configuration.faults.faults.map { "  \($0)" }.joined(separator: "\n"))
        """
    }
}

extension ExactlyOnceChaosCase: CustomTestStringConvertible {
    var testDescription: String { "seed \(seed), \(lines.count) lines" }
}
