// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import Testing

@Suite("The embedded broker")
struct EmbeddedBrokerTests {
    @Test(
        "impossible settings are refused",
        arguments: [
            { $0.host = "" }, { $0.port = -1 },
            {
                $0.port = 65_535; $0.brokers = 2
            }, { $0.brokers = 0 },
            { $0.partitions = 0 }, { $0.topics = ["a/b": 1] }, { $0.topics = ["a": 0] }, { $0.messageMaxBytes = -1 },
            { $0.advertisedPorts = [1, 2] }, { $0.advertisedPorts = [65_536] }, { $0.requestMaxBytes = -1 },
            { $0.segmentBytes = 0 }, { $0.dataDirectory = "" },
            { $0.transactions.firstEpoch = 32_767 }, { $0.transactions.maximumTimeout = .zero },
            { $0.transactions.markerDelay = .seconds(-1) }, { $0.transactions.offsetMetadataMaximum = -1 },
        ] as [@Sendable (inout EmbeddedBroker.Configuration) -> Void]
    )
    func settings(change: @Sendable (inout EmbeddedBroker.Configuration) -> Void) async throws {
        var configuration = EmbeddedBroker.Configuration()
        change(&configuration)
        let error = await failure(starting: configuration)
        #expect(error?.code == .invalidConfiguration)
    }

    @Test("a port that is taken is an error that names it")
    func portTaken() async throws {
        try await withBroker { broker, _ in
            var configuration = EmbeddedBroker.Configuration()
            configuration.port = broker.ports[0]
            let error = await failure(starting: configuration)
            #expect(error?.code == .cannotListen)
            #expect(error?.message.contains("\(broker.ports[0])") == true)
        }
    }

    @Test("each broker of a cluster has its own port")
    func ports() async throws {
        try await withBroker {
            $0.brokers = 4
        } _: { broker, _ in
            #expect(Set(broker.ports).count == 4)
            #expect(broker.bootstrapServers == broker.ports.map { "127.0.0.1:\($0)" })
        }
    }

    @Test("clients are told the advertised ports")
    func advertisedPorts() async throws {
        try await withBroker {
            $0.brokers = 2
            $0.advertisedPorts = [1001, 1002]
        } _: { broker, client in
            let response = try await client.send(MetadataRequest(topics: []), version: 9)
            #expect(response.brokers.map(\.port) == [1001, 1002])
            #expect(broker.bootstrapServers == ["127.0.0.1:1001", "127.0.0.1:1002"])
            #expect(!broker.ports.contains(1001))
        }
    }

    @Test("records are read from an offset on, and not of partitions that are not there")
    func reading() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            for _ in 0..<2 { try await client.append(try TestBatch.make(), topic: "orders") }
            let records = try await broker.records(topic: "orders", partition: 0, from: 4)
            #expect(records.map(\.offset) == [4, 5])
            #expect(try await broker.records(topic: "orders", partition: 0, from: 6).isEmpty)
            for (topic, partition) in [("none", 0), ("orders", 1), ("orders", -1), ("orders", .max)] {
                do throws(EmbeddedBrokerError) {
                    _ = try await broker.records(topic: topic, partition: partition)
                    Issue.record("there is no partition \(topic)-\(partition)")
                } catch {
                    #expect(error.code == .unknownPartition)
                }
            }
        }
    }

    @Test("stopping closes the connections, and may be done twice")
    func stopping() async throws {
        let broker = try await EmbeddedBroker.start(logger: .silent)
        let client = try await TestClient.connect(port: broker.ports[0])
        await broker.stop()
        #expect(try await client.nextFrame() == nil)
        await broker.stop()
        do throws(EmbeddedBrokerError) {
            _ = try await broker.logEndOffset(topic: "orders", partition: 0)
            Issue.record("a broker that was stopped answers nothing")
        } catch {
            #expect(error.code == .stopped)
        }
    }
}
