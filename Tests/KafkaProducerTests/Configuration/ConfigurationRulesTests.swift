// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

/// The rules between settings, and what is said about them.
@Suite("Rules between settings")
struct ConfigurationRulesTests {
    private func message(_ text: String) throws -> String? {
        do {
            _ = try ProducerConfiguration(text: text)
            return nil
        } catch {
            return error.javaMessage
        }
    }

    @Test(
        "idempotence that was asked for makes contradictions errors",
        arguments: [
            (
                "acks=1",
                "Must set acks to all in order to use the idempotent producer. "
                    + "Otherwise we cannot guarantee idempotence."
            ),
            ("retries=0", "Must set retries to non-zero when using the idempotent producer."),
        ]
    )
    func askedFor(text: String, expected: String) throws {
        #expect(try message("enable.idempotence=true\n\(text)") == expected)
    }

    @Test("idempotence that was not asked for is switched off and told", arguments: ["acks=1", "acks=0", "retries=0"])
    func switchedOff(text: String) throws {
        let configuration = try ProducerConfiguration(text: text)
        #expect(!configuration.isIdempotenceEnabled)
        #expect(configuration.effective("enable.idempotence") == "false")
        #expect(configuration.notices.map(\.key) == ["enable.idempotence"])
    }

    @Test("more than five requests in flight need idempotence switched off by name")
    func inFlight() throws {
        let expected =
            "To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most 5. "
            + "Current value is 6."
        let six = "max.in.flight.requests.per.connection=6"
        #expect(try message(six) == expected)
        #expect(try message(six + "\nacks=1") == expected)
        #expect(try message(six + "\nenable.idempotence=false") == nil)
    }

    @Test("transactions need idempotence, and two-phase ones have no timeout")
    func transactions() throws {
        let expected = "Cannot set a transactional.id without also enabling idempotence."
        #expect(try message("transactional.id=a\nenable.idempotence=false") == expected)
        #expect(try message("transactional.id=a\nretries=0") == expected)
        let twoPhase =
            "Cannot set transaction.timeout.ms when transaction.two.phase.commit.enable is set to true. "
            + "Transactions will not expire with two-phase commit enabled."
        #expect(try message("transaction.two.phase.commit.enable=true\ntransaction.timeout.ms=1") == twoPhase)
    }

    @Test("a delivery timeout that is too short is an error when set, and raised when not")
    func deliveryTimeout() throws {
        let expected = "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms"
        #expect(try message("delivery.timeout.ms=30004") == expected)
        #expect(try message("delivery.timeout.ms=30005") == nil)
        let raised = try ProducerConfiguration(text: "request.timeout.ms=200000")
        #expect(raised.deliveryTimeout == .milliseconds(200_005))
        #expect(raised.effective("delivery.timeout.ms") == "200005")
        #expect(raised.notices.map(\.kind) == [.adjusted])
        let largest = try ProducerConfiguration(text: "linger.ms=9223372036854775807\nrequest.timeout.ms=2147483647")
        #expect(largest.deliveryTimeout == .milliseconds(2_147_483_647))
        #expect(try message("linger.ms=9223372036854775807\ndelivery.timeout.ms=2147483647") == nil)
    }

    @Test("a delivery timeout that is too short is told with the figures and where each comes from")
    func deliveryTimeoutInFigures() {
        let error = #expect(throws: ConfigurationError.self) {
            try ProducerConfiguration(text: "delivery.timeout.ms=1000\nrequest.timeout.ms=2000")
        }
        #expect(
            error?.description
                == "producer.config:1: delivery.timeout.ms=1000 is too short: it has to be at least 2005, which is "
                + "linger.ms=5 (the default) + request.timeout.ms=2000 (from producer.config:2)"
        )
    }

    @Test("memory that holds no record is refused with the least that does, for nothing would ever be sent")
    func leastMemory() throws {
        #expect(
            try message("buffer.memory=0")
                == "buffer.memory=0 holds no record: a batch of one empty record takes 83 bytes, and each record its own "
                + "size more"
        )
        for bytes in 0...82 { #expect(try message("buffer.memory=\(bytes)") != nil) }
        #expect(try message("buffer.memory=83") == nil)
    }

    @Test("a reconnect backoff that is set alone is every wait")
    func reconnectBackoff() throws {
        let alone = try ProducerConfiguration(text: "reconnect.backoff.ms=2000")
        #expect(alone.reconnectBackoffMax == .seconds(2))
        #expect(alone.notices.map(\.key) == ["reconnect.backoff.ms"])
        let both = try ProducerConfiguration(text: "reconnect.backoff.ms=2000\nreconnect.backoff.max.ms=3000")
        #expect(both.reconnectBackoffMax == .seconds(3))
        #expect(both.notices.isEmpty)
    }

    @Test("a first wait above the longest one is the longest one")
    func staticBackoff() throws {
        let configuration = try ProducerConfiguration(
            text: "retry.backoff.ms=5000\nsocket.connection.setup.timeout.ms=40000"
        )
        #expect(configuration.retryBackoff == .seconds(1))
        #expect(configuration.effective("retry.backoff.ms") == "5000")
        #expect(configuration.connectionSetupTimeout == .seconds(30))
        #expect(configuration.notices.map(\.key) == ["retry.backoff.ms", "socket.connection.setup.timeout.ms"])
    }

    @Test("a SASL login needs a mechanism")
    func mechanism() throws {
        let expected =
            "Invalid value null for configuration sasl.mechanism: When the security.protocol configuration enables "
            + "SASL, mechanism must be non-null and non-empty string."
        #expect(try message("security.protocol=sasl_ssl\nsasl.mechanism=") == expected)
        #expect(try message("security.protocol=SASL_PLAINTEXT") == nil)
        #expect(try message("security.protocol=SSL\nsasl.mechanism=") == nil)
    }

    @Test(
        "what this version cannot do is read, and refused at the start with its place",
        arguments: [
            (
                "transaction.two.phase.commit.enable=true",
                "producer.config:1: transaction.two.phase.commit.enable=true is not supported: an outer coordinator would "
                    + "end the transactions, which the brokers' protocol for it is not ready for; leave it out"
            )
        ]
    )
    func support(text: String, expected: String) throws {
        let configuration = try ProducerConfiguration(text: text)
        let error = #expect(throws: ConfigurationError.self) { try configuration.validateSupport() }
        #expect(error?.description == expected)
    }

    @Test("the client id follows the transactional id when it is not set")
    func clientID() throws {
        #expect(try ProducerConfiguration(text: "").clientID == "producer-1")
        #expect(try ProducerConfiguration(text: "transactional.id=a").clientID == "producer-a")
        #expect(try ProducerConfiguration(text: "client.id=").clientID == "")
    }

    @Test("special values become what they mean")
    func specialValues() throws {
        let configuration = try ProducerConfiguration(
            text: """
                connections.max.idle.ms=-1
                send.buffer.bytes=-1
                receive.buffer.bytes=0
                partitioner.availability.timeout.ms=0
                max.block.ms=9223372036854775807
                metadata.recovery.strategy=None
                security.protocol=plaintext
                compression.type=gzip
                compression.zstd.level=7
                """
        )
        #expect(configuration.connectionsMaxIdle == nil)
        #expect(configuration.sendBufferBytes == nil)
        #expect(configuration.receiveBufferBytes == 0)
        #expect(configuration.partitionerAvailabilityTimeout == nil)
        #expect(configuration.maxBlock == .seconds(100 * 365 * 86_400))
        #expect(configuration.metadataRecoveryStrategy == .none)
        #expect(configuration.securityProtocol == .plaintext)
        #expect(configuration.compression == .gzip(level: -1))
        #expect(try ProducerConfiguration(text: "compression.type=lz4").compression == .lz4(level: 9))
        #expect(
            try ProducerConfiguration(text: "compression.type=zstd\ncompression.zstd.level=-5").compression
                == .zstd(level: -5)
        )
    }

    @Test("a configuration made in code is checked by the same rules")
    func madeInCode() throws {
        var configuration = ProducerConfiguration(bootstrapServers: [BootstrapServer(host: "localhost", port: 9092)])
        try configuration.validate()
        configuration.acks = .leader
        try configuration.validate()
        #expect(!configuration.isIdempotenceEnabled)
        let changes: [(String, (inout ProducerConfiguration) -> Void)] = [
            ("acks", { $0.idempotence = .required }),
            ("max.in.flight.requests.per.connection", { $0.maxInFlightRequestsPerConnection = 6 }),
            ("max.in.flight.requests.per.connection", { $0.maxInFlightRequestsPerConnection = 0 }),
            ("linger.ms", { $0.linger = .microseconds(-1) }),
            ("batch.size", { $0.batchSize = -1 }),
            ("buffer.memory", { $0.bufferMemory = 82 }),
            ("compression.lz4.level", { $0.compression = .lz4(level: 18) }),
            ("compression.gzip.level", { $0.compression = .gzip(level: 0) }),
            ("delivery.timeout.ms", { $0.deliveryTimeout = .seconds(30) }),
            ("metadata.max.idle.ms", { $0.metadataMaxIdle = .milliseconds(4999) }),
            ("transactional.id", { $0.transactionalID = "a" }),
            ("bootstrap.servers", { $0.bootstrapServers = [] }),
            ("bootstrap.servers", { $0.bootstrapServers = [BootstrapServer(host: "a", port: 65_536)] }),
        ]
        for (key, change) in changes {
            var changed = configuration
            change(&changed)
            let error = #expect(throws: ConfigurationError.self) { try changed.validate() }
            #expect(error?.key == key)
        }
    }
}
