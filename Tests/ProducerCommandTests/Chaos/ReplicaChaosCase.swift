// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import RandomNumbers
import Testing

/// A run into brokers with replicas that are killed, frozen and parted, and whose leaders change; all follows from its seed. Odd
/// seeds have acks=all, even ones acks=1.
struct ReplicaChaosCase: Sendable, CustomStringConvertible {
    static let topic = "t"
    static let partitions = 6
    static let brokers = 3

    let seed: UInt64
    let lines: NumberedLines
    let configuration: EmbeddedBroker.Configuration
    private let settings: [String]

    /// Whether nothing that was acknowledged may be lost.
    var isSafe: Bool { !seed.isMultiple(of: 2) }

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed ^ 0x5EED)
        self.seed = seed
        lines = NumberedLines(
            Int.random(in: 400...2000, using: &random),
            keys: Int.random(in: 1...60, using: &random),
            seed: random.next()
        )
        let isSafe = !seed.isMultiple(of: 2)
        settings = [
            "acks=\(isSafe ? "all" : "1")", "enable.idempotence=\(isSafe)",
            "max.in.flight.requests.per.connection=\(Int.random(in: 1...5, using: &random))",
            "batch.size=\(Int.random(in: 200...3000, using: &random))",
            "linger.ms=\(Int.random(in: 0...3, using: &random))", "retry.backoff.ms=2", "retry.backoff.max.ms=20",
            "reconnect.backoff.ms=2", "reconnect.backoff.max.ms=20", "metadata.max.age.ms=500",
            "request.timeout.ms=300", "delivery.timeout.ms=60000", "max.block.ms=60000",
        ]
        var configuration = EmbeddedBroker.Configuration()
        configuration.brokers = Self.brokers
        configuration.replicationFactor = Self.brokers
        configuration.minInSyncReplicas = isSafe ? 2 : 1
        configuration.topics = [Self.topic: Self.partitions]
        configuration.replicaLagTimeMax = .milliseconds(Int.random(in: 20...200, using: &random))
        configuration.brokerSessionTimeout = .milliseconds(Int.random(in: 20...200, using: &random))
        configuration.leaderRebalanceInterval = .milliseconds(Int.random(in: 50...500, using: &random))
        let count = Int.random(in: 4...20, using: &random)
        configuration.faults = FaultScript((0..<count).map { _ in Self.fault(&random) }, seed: random.next())
        self.configuration = configuration
    }

    private static func fault(_ random: inout SplitMix64) -> Fault {
        let time = Duration.milliseconds(Int.random(in: 1...150, using: &random))
        let other = Bool.random(using: &random) ? nil : Int.random(in: 1...brokers, using: &random)
        let action: Fault.Action =
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2: .kill(time)
            case 3, 4: .freeze(time)
            case 5, 6: .part(time, from: other)
            case 7: .moveLeader(to: other, hints: Bool.random(using: &random), staleMetadata: 0)
            case 8: .down(time, keepingLeaders: Bool.random(using: &random))
            default: .appendThenDrop
            }
        let node = Bool.random(using: &random) ? nil : Int.random(in: 1...brokers, using: &random)
        return Fault(action, to: .produce, when: .nth(Int.random(in: 1...40, using: &random)), node: node)
    }

    /// The command line, but for brokers and output files.
    var arguments: [String] { ["-v", "-t", Self.topic, "-K", "\\t"] + settings.flatMap { ["-X", $0] } }

    var description: String {
        """
        seed \(seed) (again: Scripts/chaos --replicas --first \(seed) --seeds 1): \(lines.count) lines
        \(settings.joined(separator: " "))
        lag \(configuration.replicaLagTimeMax) session \(configuration.brokerSessionTimeout)
        \(configuration.faults.faults.map { "  \($0)" }.joined(separator: "\n"))
        """
    }
}

extension ReplicaChaosCase: CustomTestStringConvertible {
    var testDescription: String { "seed \(seed), acks=\(isSafe ? "all" : "1")" }
}
