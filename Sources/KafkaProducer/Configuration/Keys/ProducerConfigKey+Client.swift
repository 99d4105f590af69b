// SPDX-License-Identifier: Apache-2.0

/// The settings of the client proper, in the order in which the Java client checks them.
extension ProducerConfigKey {
    private static let metrics = Support.noEffect("this program loads no Java classes")
    private static let byteArray = "org.apache.kafka.common.serialization.ByteArraySerializer"

    static let clientKeys: [ProducerConfigKey] =
        bootstrapKeys + deliveryKeys + batchingKeys + connectionKeys + metadataKeys + metricKeys + classKeys

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let bootstrapKeys: [ProducerConfigKey] = [
        .init(
            "bootstrap.servers", .list, .required, .entries(allowsNone: false), .high,
            "Brokers to find the cluster by, as host:port with commas between them; one that answers is enough.",
            sets: Setting(\.bootstrapServers, .bootstrapServers)
        ),
        .init(
            "client.dns.lookup", .string, .value("use_all_dns_ips"),
            .oneOf(["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"]), .medium,
            "Whether all addresses of a name are tried, or bootstrap names are first made canonical.",
            sets: Setting(\.dnsLookup, .word)
        ),
        .init(
            "buffer.memory", .long, .value("33554432"), .atLeast(0), .high,
            "Bytes of memory for records that wait or are in flight; when it is used up, reading waits.",
            sets: Setting(\.bufferMemory, .count)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let deliveryKeys: [ProducerConfigKey] = [
        .init(
            "retries", .int, .value("2147483647"), .between(0, 2_147_483_647), .high,
            "How often a batch that failed is sent again; delivery.timeout.ms is the better limit.",
            sets: Setting(\.retries, .count)
        ),
        .init(
            "acks", .string, .value("all"), .oneOf(["all", "-1", "0", "1"]), .low,
            "Who must have stored a batch: all replicas in sync (all or -1), the leader (1) or nobody (0).",
            sets: Setting(\.acks, .acks)
        ),
        .init(
            "compression.type", .string, .value("none"), .oneOf(["none", "gzip", "snappy", "lz4", "zstd"]), .high,
            "The codec of whole batches: none, gzip, snappy, lz4 or zstd.",
            sets: Setting(\.compression, .compression)
        ),
        .init(
            "compression.gzip.level", .int, .value("-1"), .betweenOr(1, 9, other: -1), .medium,
            "How hard gzip tries, 1 to 9; -1 is its own default.",
            sets: Setting(\.compression.gzipLevel, .count)
        ),
        .init(
            "compression.lz4.level", .int, .value("9"), .between(1, 17), .medium,
            "How hard lz4 tries, 1 to 17; 9 is the fast compressor.",
            sets: Setting(\.compression.lz4Level, .count)
        ),
        .init(
            "compression.zstd.level", .int, .value("3"), .between(-131_072, 22), .medium,
            "How hard zstd tries, up to 22; negative levels are faster and weaker.",
            sets: Setting(\.compression.zstdLevel, .count)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let batchingKeys: [ProducerConfigKey] = [
        .init(
            "batch.size", .int, .value("16384"), .atLeast(0), .medium,
            "Bytes that a batch for one partition may grow to before it is sent.",
            sets: Setting(\.batchSize, .count, ifUnset: { $0.growsBatches = true })
        ),
        .init(
            "partitioner.adaptive.partitioning.enable", .boolean, .value("true"), .low,
            "Whether records without keys go rather to partitions whose brokers are quick.",
            sets: Setting(\.isAdaptivePartitioningEnabled, .boolean)
        ),
        .init(
            "partitioner.availability.timeout.ms", .long, .value("0"), .atLeast(0), .low,
            "After how long without taking a batch a broker is left out for records without keys; 0 is never.",
            sets: Setting(\.partitionerAvailabilityTimeout, .millisecondsOrZero)
        ),
        .init(
            "partitioner.ignore.keys", .boolean, .value("false"), .medium,
            "Whether records with keys are spread as if they had none.",
            sets: Setting(\.partitionerIgnoresKeys, .boolean)
        ),
        .init(
            "linger.ms", .long, .value("5"), .atLeast(0), .medium,
            "How long a batch waits for more records before it is sent although it is not full.",
            sets: Setting(\.linger, .milliseconds)
        ),
        .init(
            "delivery.timeout.ms", .int, .value("120000"), .atLeast(0), .medium,
            "How long a record may take, retries included, before it counts as failed.",
            sets: Setting(\.deliveryTimeout, .milliseconds)
        ),
        .init(
            "client.id", .string, .value(""), .medium,
            "The name that brokers use for this producer in logs and quotas.",
            sets: Setting(\.clientID, .text)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let connectionKeys: [ProducerConfigKey] = [
        .init(
            "send.buffer.bytes", .int, .value("131072"), .atLeast(-1), .medium,
            "Size of the socket's send buffer; unset or -1 leaves it to the system.",
            sets: Setting(
                \.sendBufferBytes, .sizeOrSystem, unset: .some(nil),
                shows: { .integer(Int64($0.sendBufferBytes ?? 131_072)) }
            )
        ),
        .init(
            "receive.buffer.bytes", .int, .value("32768"), .atLeast(-1), .medium,
            "Size of the socket's receive buffer; unset or -1 leaves it to the system.",
            sets: Setting(
                \.receiveBufferBytes, .sizeOrSystem, unset: .some(nil),
                shows: { .integer(Int64($0.receiveBufferBytes ?? 32_768)) }
            )
        ),
        .init(
            "max.request.size", .int, .value("1048576"), .atLeast(0), .medium,
            "Bytes of the largest request and so of the largest record, before compression.",
            sets: Setting(\.maxRequestSize, .count)
        ),
        .init(
            "reconnect.backoff.ms", .long, .value("50"), .atLeast(0), .low,
            "The first wait before connecting to the same broker again; set alone, it is every wait.",
            sets: Setting(\.reconnectBackoff, .milliseconds)
        ),
        .init(
            "reconnect.backoff.max.ms", .long, .value("1000"), .atLeast(0), .low,
            "The longest wait before connecting to the same broker again.",
            sets: Setting(\.reconnectBackoffMax, .milliseconds)
        ),
        .init(
            "retry.backoff.ms", .long, .value("100"), .atLeast(0), .low,
            "The first wait before a failed request is sent again.",
            sets: Setting(\.retryBackoff, .milliseconds)
        ),
        .init(
            "retry.backoff.max.ms", .long, .value("1000"), .atLeast(0), .low,
            "The longest wait before a failed request is sent again.",
            sets: Setting(\.retryBackoffMax, .milliseconds)
        ),
        .init(
            "enable.metrics.push", .boolean, .value("true"), .low,
            "Whether the cluster may ask for the client's metrics (KIP-714).",
            sets: Setting(\.pushesMetrics, .boolean)
        ),
        .init(
            "max.block.ms", .long, .value("60000"), .atLeast(0), .medium,
            "How long sending may wait for metadata or for free memory before it is an error.",
            sets: Setting(\.maxBlock, .milliseconds)
        ),
        .init(
            "request.timeout.ms", .int, .value("30000"), .atLeast(0), .medium,
            "How long a broker may take to answer a request before the connection is given up.",
            sets: Setting(\.requestTimeout, .milliseconds)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let metadataKeys: [ProducerConfigKey] = [
        .init(
            "metadata.max.age.ms", .long, .value("300000"), .atLeast(0), .low,
            "After how long leaders and partitions are asked for again without a reason.",
            sets: Setting(\.metadataMaxAge, .milliseconds)
        ),
        .init(
            "metadata.max.idle.ms", .long, .value("300000"), .atLeast(5000), .low,
            "After how long a topic that is not used is no longer asked for.",
            sets: Setting(\.metadataMaxIdle, .milliseconds)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let metricKeys: [ProducerConfigKey] = [
        .init(
            "metrics.sample.window.ms", .long, .value("30000"), .atLeast(0), .low,
            "The time span of one metrics sample.",
            sets: Setting(\.metricsSampleWindow, .milliseconds)
        ),
        .init(
            "metrics.num.samples", .int, .value("2"), .atLeast(1), .low,
            "How many samples a metric is computed from.",
            sets: Setting(\.metricsSampleCount, .count)
        ),
        .init(
            "metrics.recording.level", .string, .value("INFO"), .oneOf(["INFO", "DEBUG", "TRACE"]), .low,
            "How detailed metrics are.", support: .noEffect("all metrics of a producer are of level INFO, in Java too")
        ),
        .init(
            "metric.reporters", .list, .value("org.apache.kafka.common.metrics.JmxReporter"),
            .entries(allowsNone: true), .low,
            "Java classes that publish metrics.", support: metrics
        ),
        .init(
            "max.in.flight.requests.per.connection", .int, .value("5"), .atLeast(1), .low,
            "How many requests may wait for their response on one connection; idempotence needs at most 5.",
            sets: Setting(\.maxInFlightRequestsPerConnection, .count, ifUnset: { $0.limitsRequestsByPartition = true })
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let classKeys: [ProducerConfigKey] = [
        .init(
            "key.serializer", .className, .requiredInJava(here: byteArray), .serializerClass, .high,
            "How the text of a key becomes bytes, by the Java serializer's class name.",
            sets: Setting(\.keySerializer, .serializer)
        ),
        .init(
            "value.serializer", .className, .requiredInJava(here: byteArray), .serializerClass, .high,
            "How the text of a value becomes bytes, by the Java serializer's class name.",
            sets: Setting(\.valueSerializer, .serializer)
        ),
        .init(
            "socket.connection.setup.timeout.ms", .long, .value("10000"), .medium,
            "How long connecting may take; it doubles with each failure in a row.",
            sets: Setting(\.connectionSetupTimeout, .milliseconds)
        ),
        .init(
            "socket.connection.setup.timeout.max.ms", .long, .value("30000"), .medium,
            "How long connecting may take at most after failures in a row.",
            sets: Setting(\.connectionSetupTimeoutMax, .milliseconds)
        ),
        .init(
            "connections.max.idle.ms", .long, .value("540000"), .medium,
            "After how long an unused connection is closed; a negative value keeps it.",
            sets: Setting(\.connectionsMaxIdle, .millisecondsOrNegative)
        ),
        .init(
            "partitioner.class", .className, .null, .partitionerClass, .medium,
            "What chooses partitions, by the Java class name; unset, keys are hashed and the rest is spread.",
            sets: Setting(\.partitioner, .partitioner)
        ),
        .init(
            "interceptor.classes", .list, .value(""), .entries(allowsNone: true), .low,
            "Java classes that see records on their way.",
            support: .noEffect("Java classes cannot be loaded here")
        ),
        .init(
            "security.protocol", .string, .value("PLAINTEXT"),
            .oneOfIgnoringCase(["SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT"]), .medium,
            "The transport: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.",
            sets: Setting(\.securityProtocol, .wordInAnyCase())
        ),
        .init(
            "security.providers", .string, .null, .low,
            "Java classes that provide security algorithms.",
            support: .noEffect("Java classes cannot be loaded here")
        ),
    ]
}
