// SPDX-License-Identifier: Apache-2.0

/// Every setting of a producer, typed, with the defaults of Kafka 4.3.
///
/// Build it from settings files and options with `init(merging:environment:)`, which applies every rule of the Java
/// client, or in code with `init(bootstrapServers:)`; then change what should differ and call `validate()`.
public struct ProducerConfiguration: Sendable {
    // MARK: Connection

    /// Where to find the cluster; one server that answers is enough. Kafka's `bootstrap.servers`.
    public var bootstrapServers: [BootstrapServer]
    /// The name under which brokers know this producer in logs and quotas. Kafka's `client.id`; unset it is
    /// `producer-1`, or `producer-` and the transactional id.
    public var clientID: String = "producer-1"
    /// How host names become addresses. Kafka's `client.dns.lookup`.
    public var dnsLookup: DNSLookup = .useAllDNSIPs
    /// The transport, and whether one logs in. Kafka's `security.protocol`.
    public var securityProtocol: SecurityProtocol = .plaintext
    /// How connections are encrypted. Kafka's `ssl.*`; of effect with ``SecurityProtocol/ssl`` and ``SecurityProtocol/saslSSL``.
    public var tls = TLSConfiguration()
    /// How one logs in. Kafka's `sasl.*`; of effect with ``SecurityProtocol/saslPlaintext`` and ``SecurityProtocol/saslSSL``.
    public var sasl = SASLConfiguration()
    /// The size of the socket's send buffer in bytes, or `nil` for the system's. Kafka's `send.buffer.bytes`.
    ///
    /// Default: the system's, which grows with the path; Java's 128 KiB let a path of 200 ms take 0.6 MB/s.
    public var sendBufferBytes: Int?
    /// The size of the socket's receive buffer in bytes, or `nil` for the system's. Kafka's `receive.buffer.bytes`.
    /// Default: the system's.
    public var receiveBufferBytes: Int?
    /// How long connecting may take at first. Kafka's `socket.connection.setup.timeout.ms`.
    public var connectionSetupTimeout: Duration = .seconds(10)
    /// How long connecting may take after many failures. Kafka's `socket.connection.setup.timeout.max.ms`.
    public var connectionSetupTimeoutMax: Duration = .seconds(30)
    /// When an idle connection is closed, or `nil` for never. Kafka's `connections.max.idle.ms`.
    public var connectionsMaxIdle: Duration? = .seconds(540)
    /// How long to wait before connecting again to the same broker, at first. Kafka's `reconnect.backoff.ms`.
    public var reconnectBackoff: Duration = .milliseconds(50)
    /// The longest wait before connecting again to the same broker. Kafka's `reconnect.backoff.max.ms`.
    public var reconnectBackoffMax: Duration = .seconds(1)

    /// How long a broker may be silent while a connection is made before another one is tried beside it.
    var connectionHedgeDelay: Duration = .seconds(1)
    /// How long a broker may take for the last push of metrics.
    var telemetryPatience: Duration = .seconds(1)

    // MARK: Metadata

    /// When metadata is asked for again although nothing seems to have changed. Kafka's `metadata.max.age.ms`.
    public var metadataMaxAge: Duration = .seconds(300)
    /// When an unused topic is forgotten. Kafka's `metadata.max.idle.ms`.
    public var metadataMaxIdle: Duration = .seconds(300)
    /// What to do when no known broker is left. Kafka's `metadata.recovery.strategy`.
    public var metadataRecoveryStrategy: MetadataRecoveryStrategy = .rebootstrap
    /// How long metadata may stay unavailable before bootstrapping again.
    /// Kafka's `metadata.recovery.rebootstrap.trigger.ms`.
    public var metadataRebootstrapTrigger: Duration = .seconds(300)

    // MARK: Delivery

    /// Who must have stored a batch before it counts as delivered. Kafka's `acks`.
    public var acks: Acks = .all
    /// Whether retries are kept from storing a record twice. Kafka's `enable.idempotence`.
    public var idempotence: Idempotence = .automatic
    /// How often a failed batch is sent again at most. Kafka's `retries`.
    public var retries: Int = 2_147_483_647
    /// How many requests may wait for their response on one connection.
    /// Kafka's `max.in.flight.requests.per.connection`.
    ///
    /// To set it, also to its default, ends ``limitsRequestsByPartition``.
    public var maxInFlightRequestsPerConnection: Int = 5 {
        didSet { limitsRequestsByPartition = false }
    }
    /// Whether ``maxInFlightRequestsPerConnection`` is exceeded where that fills a path of many milliseconds: a connection takes
    /// more requests where each of them is large, and a partition up to 32 batches of 256 KiB and more. Smaller ones are no more
    /// than five of a partition, and so are those of a transaction. Order holds, and nothing is stored twice: what became of more
    /// batches than a broker remembers of an idempotent producer (KIP-98) is found out by sending them again from their end.
    /// Default: true until `max.in.flight.requests.per.connection` is set.
    public var limitsRequestsByPartition = true
    /// How long a record may take from being appended to being acknowledged or failed. Kafka's `delivery.timeout.ms`.
    public var deliveryTimeout: Duration = .seconds(120)
    /// How long a broker may take to answer one request. Kafka's `request.timeout.ms`.
    public var requestTimeout: Duration = .seconds(30)
    /// How long to wait before the first retry. Kafka's `retry.backoff.ms`.
    public var retryBackoff: Duration = .milliseconds(100)
    /// The longest wait before a retry. Kafka's `retry.backoff.max.ms`.
    public var retryBackoffMax: Duration = .seconds(1)
    /// The largest request, and so the largest record, in bytes. Kafka's `max.request.size`.
    public var maxRequestSize: Int = 1_048_576

    // MARK: Batching and memory

    /// The size of a batch in bytes; 0 means a batch for each record. Kafka's `batch.size`.
    ///
    /// To set it, also to its default, ends ``growsBatches``.
    public var batchSize: Int = 16_384 {
        didSet { growsBatches = false }
    }
    /// Whether a batch that has reached ``batchSize`` and cannot be sent yet takes more records, up to ``maxRequestSize``, the
    /// 1 MiB that brokers take, and what ``bufferMemory`` allows: so batches are large where the path is long or the broker
    /// slow, and small otherwise. Default: true until `batch.size` is set.
    public var growsBatches = true
    /// The largest batch that brokers take by default, in bytes, rounded down: `message.max.bytes` is 12 bytes more.
    package static let largestBatchThatBrokersTake = 1 << 20
    /// How long a batch may wait for more records. Kafka's `linger.ms`.
    public var linger: Duration = .milliseconds(5)
    /// The codec of batches and its level. Kafka's `compression.type` and `compression.*.level`.
    public var compression: Compression = .none
    /// The memory for records that were not acknowledged yet, in bytes. Kafka's `buffer.memory`.
    public var bufferMemory: Int = 33_554_432
    /// How long a call may wait for metadata or for free memory. Kafka's `max.block.ms`.
    public var maxBlock: Duration = .seconds(60)

    // MARK: Partitioning

    /// What chooses a partition for a record that names none. Kafka's `partitioner.class`.
    public var partitioner: PartitionerChoice = .builtIn
    /// Whether keyed records are spread as if they had no key. Kafka's `partitioner.ignore.keys`.
    public var partitionerIgnoresKeys: Bool = false
    /// Whether slow brokers get fewer records without keys. Kafka's `partitioner.adaptive.partitioning.enable`.
    public var isAdaptivePartitioningEnabled: Bool = true
    /// When a broker that takes no batch is left out for records without keys, or `nil` for never.
    /// Kafka's `partitioner.availability.timeout.ms`, whose 0 means never.
    public var partitionerAvailabilityTimeout: Duration?
    /// Whether records without keys go to partitions whose leaders are in ``clientRack``, as long as there are any.
    /// Kafka's `partitioner.rack.aware` (KIP-1123).
    public var isPartitionerRackAware: Bool = false
    /// The rack that the producer is in, or empty. Kafka's `client.rack`.
    public var clientRack: String = ""

    // MARK: Serialization

    /// How the text of a key becomes bytes. Kafka's `key.serializer`; unset, bytes pass unchanged.
    public var keySerializer: Serializer = .byteArray
    /// How the text of a value becomes bytes. Kafka's `value.serializer`; unset, bytes pass unchanged.
    public var valueSerializer: Serializer = .byteArray

    // MARK: Transactions

    /// The name under which transactions survive a restart. Kafka's `transactional.id`.
    public var transactionalID: String?
    /// When the coordinator gives up an open transaction. Kafka's `transaction.timeout.ms`.
    public var transactionTimeout: Duration = .seconds(60)
    /// Whether an outer coordinator ends transactions. Kafka's `transaction.two.phase.commit.enable`.
    public var isTwoPhaseCommitEnabled: Bool = false

    // MARK: Metrics

    /// How long one sample of a metric is. Kafka's `metrics.sample.window.ms`.
    public var metricsSampleWindow: Duration = .seconds(30)
    /// How many samples a metric is computed from. Kafka's `metrics.num.samples`.
    public var metricsSampleCount: Int = 2
    /// Whether brokers that ask for metrics get them. Kafka's `enable.metrics.push` (KIP-714).
    public var pushesMetrics: Bool = true

    // MARK: Older names

    /// Whether each record is awaited before the next is sent: the old `producer.type=sync`.
    public var isSync: Bool = false

    // MARK: What merging found out

    /// What the user should know at the start: unknown keys, keys without effect, adjusted values.
    public internal(set) var notices: [ConfigurationNotice] = []
    /// TLS and login, once they were made ready.
    var prepared: PreparedSecurity?
    /// What settings files and options said, as long as no code has changed it.
    var merged = MergedValues()

    /// Creates a configuration with every default.
    ///
    /// - Parameter bootstrapServers: where to find the cluster.
    public init(bootstrapServers: [BootstrapServer]) {
        self.bootstrapServers = bootstrapServers
    }
}
