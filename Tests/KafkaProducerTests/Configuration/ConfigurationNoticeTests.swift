// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

/// What the user is told about keys that mean nothing here, or something else.
@Suite("Notices about settings")
struct ConfigurationNoticeTests {
    private func notices(_ text: String) throws -> [String] {
        try ProducerConfiguration(text: text).notices.map(\.description)
    }

    @Test(
        "an unknown key is one warning that says what was probably meant",
        arguments: [
            ("linger.mss=1", "; did you mean linger.ms?"),
            ("linger_ms=1", "; did you mean linger.ms?"),
            ("Batch.Size=1", "; did you mean batch.size?"),
            ("ack=1", "; did you mean acks?"),
            ("bootstrap.server=a:1", "; did you mean bootstrap.servers?"),
            ("compresion.type=gzip", "; did you mean compression.type?"),
            ("queue.buffering.max.ms=1", "; Kafka's name for it is linger.ms"),
            ("message.timeout.ms=1", "; Kafka's name for it is delivery.timeout.ms"),
            ("metadata.broker.list=a:1", "; Kafka's name for it is bootstrap.servers"),
            ("group.id=g", "; it belongs to consumers"),
            ("my.own.interceptor.setting=1", ""),
            ("x=1", ""),
        ]
    )
    func unknown(text: String, advice: String) throws {
        let key = String(text.prefix { $0 != "=" })
        let expected = "producer.config:1: \(key) is not a setting of Kafka's producer and has no effect\(advice)"
        #expect(try notices(text) == [expected])
        #expect(try ProducerConfiguration(text: text).notices.map(\.severity) == [.warning])
    }

    @Test(
        "a known key without effect is one line that says why",
        arguments: [
            ("metric.reporters=com.example.Reporter", "this program loads no Java classes"),
            ("interceptor.classes=com.example.Interceptor", "Java classes cannot be loaded here"),
            ("security.providers=com.example.Provider", "Java classes cannot be loaded here"),
        ]
    )
    func noEffect(text: String, reason: String) throws {
        let key = String(text.prefix { $0 != "=" })
        #expect(try notices(text) == ["producer.config:1: \(key) has no effect: \(reason)"])
    }

    @Test("the rack has no effect on a partitioner other than the built-in one, which is said")
    func rackBesidePartitioner() throws {
        let text = "client.rack=a\npartitioner.rack.aware=true"
        #expect(try notices(text).isEmpty)
        #expect(
            try notices(text + "\npartitioner.class=RoundRobinPartitioner") == [
                "producer.config:2: partitioner.rack.aware has no effect with partitioner.class"
            ]
        )
    }

    @Test(
        "partitioner.rack.aware=true without client.rack is an error, as in the Java client",
        arguments: ["partitioner.rack.aware=true", "partitioner.rack.aware=true\nclient.rack= "]
    )
    func rackAwareWithoutRack(text: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try ProducerConfiguration(text: text) }
        #expect(error?.description.contains("partitioner.rack.aware=true needs client.rack") == true, "\(error as Any)")
        var made = ProducerConfiguration(bootstrapServers: [BootstrapServer(host: "localhost", port: 9092)])
        made.isPartitionerRackAware = true
        #expect(throws: ConfigurationError.self) { try made.validate() }
        made.clientRack = "a"
        try made.validate()
    }

    @Test(
        "what asks for nothing is no matter of note",
        arguments: [
            "metric.reporters=", "interceptor.classes=", "enable.metrics.push=false", "serializer.encoding=UTF-8",
            "key.serializer.encoding=UTF-8", "config.providers.x.param.y=1", "acks=-1",
            "partitioner.class=RoundRobinPartitioner",
        ]
    )
    func silent(text: String) throws {
        #expect(try notices(text).isEmpty)
    }

    @Test("settings of a feature that is not switched on are said to be idle")
    func idle() throws {
        #expect(
            try notices("ssl.truststore.location=/a\nsasl.mechanism=PLAIN\ntransaction.timeout.ms=1") == [
                "producer.config:1: ssl.truststore.location has no effect: security.protocol is not set, so that records are "
                    + "sent in plain text",
                "producer.config:2: sasl.mechanism has no effect: security.protocol is not set, so that records are sent in "
                    + "plain text",
                "producer.config:3: transaction.timeout.ms has no effect without transactional.id",
            ]
        )
        #expect(
            try ProducerConfiguration(text: "ssl.truststore.location=/a").notices.map(\.severity) == [.warning],
            "an encryption that was prepared and not switched on is told with -q too"
        )
        #expect(
            try notices("ssl.truststore.location=/a\nsecurity.protocol=PLAINTEXT") == [
                "producer.config:1: ssl.truststore.location has no effect with security.protocol=PLAINTEXT"
            ]
        )
        #expect(try notices("ssl.truststore.location=/a\nsecurity.protocol=SSL").isEmpty)
        #expect(try notices("sasl.mechanism=PLAIN\nsecurity.protocol=sasl_ssl").isEmpty)
    }

    @Test("producer.type means what it meant")
    func producerType() throws {
        let sync = try ProducerConfiguration(text: "producer.type=sync")
        #expect(sync.isSync)
        #expect(sync.notices.map(\.kind) == [.olderName])
        #expect(try !ProducerConfiguration(text: "producer.type=async").isSync)
        let error = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(text: "producer.type=both")
        }
        #expect(
            error?.javaMessage
                == "Invalid value both for configuration producer.type: String must be one of: sync, async"
        )
    }

    @Test("former partitioner classes mean what replaced them")
    func partitioners() throws {
        let package = "org.apache.kafka.clients.producer"
        let former = try ProducerConfiguration(text: "partitioner.class=\(package).internals.DefaultPartitioner")
        #expect(former.partitioner == .builtIn)
        #expect(!former.partitionerIgnoresKeys)
        let sticky = try ProducerConfiguration(text: "partitioner.class=\(package).UniformStickyPartitioner")
        #expect(sticky.partitioner == .builtIn)
        #expect(sticky.partitionerIgnoresKeys)
        #expect(sticky.effective("partitioner.ignore.keys") == "true")
        #expect(former.notices.map(\.kind) + sticky.notices.map(\.kind) == [.olderName, .olderName])
        let roundRobin = try ProducerConfiguration(text: "partitioner.class=\(package).RoundRobinPartitioner")
        #expect(roundRobin.partitioner == .roundRobin)
    }
}
