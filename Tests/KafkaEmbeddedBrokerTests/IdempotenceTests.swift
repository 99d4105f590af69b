// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProtocol
import NIOCore
import Testing

@Suite("Idempotent producers")
struct IdempotenceTests {
    @Test("every version hands out an id with epoch 0, each one once", arguments: InitProducerIDRequest.validVersions)
    func producerIDs(version: Int16) async throws {
        try await withBroker { _, client in
            var ids: Set<Int64> = []
            for _ in 0..<3 {
                let response = try await client.send(InitProducerIDRequest(transactionalID: nil), version: version)
                #expect(response.errorCode == .none)
                #expect(response.producerEpoch == 0)
                ids.insert(response.producerID)
            }
            #expect(ids.count == 3)
        }
    }

    @Test("a batch that comes again is answered as the first time and not appended again")
    func duplicates() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { broker, client in
            let batches = try (0..<6).map {
                try TestBatch.make(["a", "b"], producerID: 5, epoch: 0, sequence: Int32($0) * 2)
            }
            for batch in batches { try await client.append(batch, topic: "orders") }
            for (index, batch) in batches.enumerated() {
                let response = try await client.send(ProduceRequest(batch, topic: "orders"), version: 9).single
                // Five are remembered; of the one before it is only known that it was appended.
                #expect(response.errorCode == (index == 0 ? .duplicateSequenceNumber : .none))
                #expect(response.baseOffset == (index == 0 ? -1 : Int64(index) * 2))
                #expect(response.logAppendTimeMs == (index == 0 ? -1 : TestBatch.time + 1))
            }
            #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 12)
        }
    }

    @Test(
        "a batch out of turn is refused",
        arguments: [
            (0, 3, ErrorCode.outOfOrderSequenceNumber),
            (0, 1, .outOfOrderSequenceNumber),
            (1, 2, .outOfOrderSequenceNumber),
            (1, 0, .none),
            (0, 2, .none),
        ] as [(Int16, Int32, ErrorCode)]
    )
    func outOfTurn(epoch: Int16, sequence: Int32, expected: ErrorCode) async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            try await client.append(
                try TestBatch.make(["a", "b"], producerID: 5, epoch: 0, sequence: 0),
                topic: "orders"
            )
            let batch = try TestBatch.make(["c"], producerID: 5, epoch: epoch, sequence: sequence)
            #expect(
                try await client.send(ProduceRequest(batch, topic: "orders"), version: 9).single.errorCode == expected
            )
        }
    }

    @Test("an old epoch is fenced off")
    func fencing() async throws {
        try await withBroker {
            $0.topics = ["orders": 1]
        } _: { _, client in
            for epoch in Int16(0)...1 {
                let batch = try TestBatch.make(["a"], producerID: 5, epoch: epoch, sequence: 0)
                try await client.append(batch, topic: "orders")
            }
            let late = try TestBatch.make(["a"], producerID: 5, epoch: 0, sequence: 1)
            #expect(
                try await client.send(ProduceRequest(late, topic: "orders"), version: 9).single.errorCode
                    == .invalidProducerEpoch
            )
        }
    }
}
