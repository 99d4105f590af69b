// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Testing

@testable import KafkaProducer

/// `partitioner.rack.aware` and `client.rack` against a cluster whose brokers have racks (KIP-1123).
@Suite("Rack-aware partitioning", .timeLimit(.minutes(10)))
struct RackAwarenessTests {
    /// Sends records one after the other, each in a batch of its own, and returns the nodes that took them.
    private func nodes(
        rack: String,
        isAware: Bool = true,
        keyed: Bool = false,
        racks: [Int: String] = [1: "a", 2: "b", 3: "b"]
    ) async throws -> Set<Int32> {
        var nodes: Set<Int32> = []
        try await withEmbeddedBroker(partitions: 6) {
            $0.brokers = 3
            $0.racks = racks
        } _: { broker in
            var configuration = ProducerConfiguration.test(ports: broker.ports)
            configuration.batchSize = 1
            configuration.clientRack = rack
            configuration.isPartitionerRackAware = isAware
            try await withProducer(configuration) { producer in
                for number in 0..<60 {
                    let sent = try await producer.send(.text("\(number)", key: keyed ? "\(number)" : nil))
                    // Partition p is led by broker p mod 3 + 1.
                    nodes.insert(sent.partition % 3 + 1)
                }
            }
        }
        return nodes
    }

    @Test("records without keys go to leaders in the producer's rack", arguments: [("a", [1]), ("b", [2, 3])])
    func near(rack: String, expected: [Int32]) async throws {
        #expect(try await nodes(rack: rack) == Set(expected))
    }

    @Test("they go everywhere when no leader is in that rack, or it is not asked for")
    func elsewhere() async throws {
        #expect(try await nodes(rack: "c") == [1, 2, 3])
        #expect(try await nodes(rack: "a", racks: [:]) == [1, 2, 3])
        #expect(try await nodes(rack: "a", isAware: false) == [1, 2, 3])
    }

    @Test("records with keys go where their keys say")
    func keyed() async throws {
        #expect(try await nodes(rack: "a", keyed: true) == [1, 2, 3])
    }
}
