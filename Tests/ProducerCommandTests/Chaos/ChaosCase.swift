// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaEmbeddedBroker
import Testing

/// A run with random settings and faults, all of which follow from its seed.
struct ChaosCase: Sendable, CustomStringConvertible {
    /// What kind of trouble there is, and with it what may be asked of a producer.
    enum Trouble: String, CaseIterable, Sendable {
        /// A bad network and brokers that come and go, with time enough: nothing may fail.
        case network
        /// The same, with so little time that batches expire, some of them while they may be stored.
        case hurry
        /// Errors that are no use to repeat, refused records and batches that are too large.
        case refusals
        /// Everything at once, and brokers that forget producers or claim what is not so: what was stored may be stored
        /// again, as with Kafka's own producer.
        case lies
    }

    /// What must be true of the log afterwards.
    enum Guarantee: String, Sendable {
        /// Every line at most once, acked ones for sure, those with the same key in the order in which they were read.
        case exactlyOnceInOrder
        /// Acked lines are there, and for the first time in the order in which they were read.
        case atLeastOnceInOrder
        /// Acked lines are there.
        case atLeastOnce
        /// Acked lines are there, and nothing is there twice.
        case atMostOnce
    }

    static let topic = "t"
    static let partitions = 12
    static let brokers = 3

    let seed: UInt64
    /// How clients log in, over TLS; nil for a listener in plain text.
    let security: ChaosSecurity?
    let trouble: Trouble
    let isIdempotent: Bool
    let acks: String
    let inFlight: Int
    let lines: NumberedLines
    let configuration: EmbeddedBroker.Configuration
    private let settings: [String]
    private let isForced: Bool

    /// - Parameters:
    ///   - seed: What all follows from.
    ///   - isSecured: Whether each connection is over SASL_SSL; else one seed in four has it.
    init(seed: UInt64, isSecured: Bool = false) {
        var random = SplitMix64(seed: seed)
        let trouble = Trouble.allCases[Int.random(in: 0..<Trouble.allCases.count, using: &random)]
        let isIdempotent = Int.random(in: 0..<3, using: &random) > 0
        acks = isIdempotent || Bool.random(using: &random) ? "all" : ["0", "1"][Int.random(in: 0...1, using: &random)]
        // One seed in three sets neither, and has lines enough for batches that grow while they cannot be sent.
        let grows = seed % 3 == 1
        let allowed = Int.random(in: 1...5, using: &random)
        inFlight = grows ? 5 : allowed
        lines = NumberedLines(
            Int.random(in: 400...1500, using: &random) * (grows ? 10 : 1),
            keys: Int.random(in: 1...60, using: &random),
            seed: random.next()
        )
        self.seed = seed
        self.trouble = trouble
        security = isSecured || seed.isMultiple(of: 4) ? ChaosSecurity(seed: seed, trouble) : nil
        isForced = isSecured
        self.isIdempotent = isIdempotent
        let codec = ["none", "gzip", "snappy", "lz4", "zstd"][Int.random(in: 0..<5, using: &random)]
        let times = Self.times(trouble, &random)
        let sizes = [
            "max.in.flight.requests.per.connection=\(inFlight)",
            "batch.size=\(Int.random(in: 200...4000, using: &random))",
        ]
        settings =
            (grows ? [] : sizes) + [
                "acks=\(acks)", "enable.idempotence=\(isIdempotent)", "compression.type=\(codec)",
                "linger.ms=\(Int.random(in: 0...5, using: &random))", "retry.backoff.ms=2", "retry.backoff.max.ms=20",
                "reconnect.backoff.ms=2", "reconnect.backoff.max.ms=20", "metadata.max.age.ms=1000",
                "max.block.ms=30000",
            ] + times
        var configuration = EmbeddedBroker.Configuration()
        configuration.brokers = Self.brokers
        configuration.replicationFactor = Self.brokers
        configuration.minInSyncReplicas = Int.random(in: 1...2, using: &random)
        configuration.topics = [Self.topic: Self.partitions]
        if trouble == .refusals || trouble == .lies, Bool.random(using: &random) {
            configuration.topicSettings[Self.topic] = TopicSettings(
                maxMessageBytes: Int.random(in: 110...500, using: &random)
            )
        }
        configuration.faults = FaultScript(ChaosFaults.take(trouble, &random), seed: random.next())
        self.configuration = configuration
    }

    /// How long a request and a batch may take. A request without an answer costs a whole `request.timeout.ms`.
    private static func times(_ trouble: Trouble, _ random: inout SplitMix64) -> [String] {
        switch trouble {
        case .network, .lies: ["request.timeout.ms=300", "delivery.timeout.ms=40000"]
        case .hurry:
            ["request.timeout.ms=150", "delivery.timeout.ms=\(Int.random(in: 200...600, using: &random))"]
                + (Bool.random(using: &random) ? ["retries=\(Int.random(in: 1...4, using: &random))"] : [])
        case .refusals: ["request.timeout.ms=20000", "delivery.timeout.ms=40000"]
        }
    }

    var guarantee: Guarantee {
        switch (isIdempotent, acks, trouble) {
        case (true, _, .lies): .atLeastOnce
        case (true, _, _): .exactlyOnceInOrder
        case (false, "0", .lies): .atLeastOnce
        case (false, "0", _): .atMostOnce
        default: inFlight == 1 ? .atLeastOnceInOrder : .atLeastOnce
        }
    }

    /// Whether lines may fail. With acks=0 nothing is sent again that may be stored.
    var mayFail: Bool { trouble != .network || acks == "0" }

    /// The command line, but for brokers and output files.
    var arguments: [String] { ["-v", "-t", Self.topic, "-K", "\\t"] + settings.flatMap { ["-X", $0] } }

    var description: String {
        """
        seed \(seed) (again: Scripts/chaos --first \(seed) --seeds 1\(isForced ? " --secured" : "")): \
        \(trouble), \(guarantee), \(lines.count) lines, \(security?.description ?? "PLAINTEXT")
        \(settings.joined(separator: " "))
        \(configuration.faults.faults.map { "  \($0)" }.joined(separator: "\n"))
        """
    }
}

extension ChaosCase: CustomTestStringConvertible {
    var testDescription: String { "seed \(seed), \(trouble)\(security == nil ? "" : ", secured")" }
}
