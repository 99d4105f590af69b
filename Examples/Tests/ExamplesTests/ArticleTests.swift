// SPDX-License-Identifier: Apache-2.0
import Articles
import KafkaEmbeddedBroker
import KafkaProducer
import Testing

/// The code of the library's articles does what they say.
@Suite("Articles", .timeLimit(.minutes(5)))
struct ArticleTests {
    @Test("getting started")
    func gettingStarted() async throws {
        try await EmbeddedBroker.withCluster(topics: ["orders": 1]) { cluster in
            let offsets = try await getStarted(servers: cluster.bootstrapServers[0], drinks: ["milk", "water"])
            #expect(offsets == [1, 2])
            #expect(try await cluster.records(topic: "orders", partition: 0).count == 5)
        }
    }

    @Test("transactions")
    func transactions() async throws {
        try await EmbeddedBroker.withCluster { cluster in
            var configuration = try configuration(of: cluster)
            configuration.transactionalID = "test"
            let producer = try KafkaProducer(configuration: configuration)
            try await sendTogether(Order(id: "1", text: "one coffee", price: "3"), with: producer)
            await producer.close()
            #expect(try await cluster.committedRecords(topic: "invoices", partition: 0).count == 1)
        }
    }

    @Test("acknowledgements in order")
    func performance() async throws {
        try await EmbeddedBroker.withCluster(topics: ["orders": 1]) { cluster in
            let producer = try KafkaProducer(configuration: configuration(of: cluster))
            let records = AsyncStream<ProducerRecord> { source in
                for index in 0..<10 { source.yield(ProducerRecord(topic: "orders", value: "\(index)")) }
                source.finish()
            }
            #expect(try await sendInOrder(records, with: producer) == [0: 9])
            await producer.close()
        }
    }

    @Test("testing with the embedded broker")
    func testing() async throws {
        try await EmbeddedBroker.withCluster(topics: ["orders": 3]) { cluster in
            let settings = PropertySource(name: "test", key: "bootstrap.servers", value: cluster.bootstrapServers[0])
            let producer = try KafkaProducer(configuration: ProducerConfiguration(merging: [settings]))
            try await producer.send(ProducerRecord(topic: "orders", partition: 0, key: "alice", value: "one coffee"))
            await producer.close()
            let stored = try await cluster.records(topic: "orders", partition: 0)
            #expect(stored.count == 1)
        }
    }

    @Test("faults")
    func faults() async throws {
        try await EmbeddedBroker.withCluster(topics: ["orders": 1]) { cluster in
            let producer = try KafkaProducer(configuration: configuration(of: cluster))
            try await producer.send(ProducerRecord(topic: "orders", value: "the topic is known"))
            try await cluster.stop(node: 1)
            let delivery = try await producer.submit(ProducerRecord(topic: "orders", value: "one coffee"))
            try await cluster.start(node: 1)
            let metadata = try await delivery.metadata
            #expect(metadata.offset == 1)
            await producer.close()
        }
    }
}

/// The settings of a producer for a cluster.
func configuration(of cluster: EmbeddedBroker) throws -> ProducerConfiguration {
    try ProducerConfiguration(
        merging: [PropertySource(name: "test", key: "bootstrap.servers", value: cluster.bootstrapServers[0])]
    )
}
