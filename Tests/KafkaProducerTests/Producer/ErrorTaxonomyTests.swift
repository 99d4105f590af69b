// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

@testable import KafkaProducer

/// Every error code in an answer to a produce request, over the wire.
@Suite("Error taxonomy", .timeLimit(.minutes(10)))
struct ErrorTaxonomyTests {
    /// Sends a record that is refused once with `code`; `body` looks at how it ended, and at how many requests for
    /// metadata had been made before.
    private func refuse(
        _ code: Int16,
        _ body: (ScriptedBroker, KafkaProducer, ProducerError?, _ metadataBefore: Int) async throws -> Void
    ) async throws {
        let script = BrokerScript.steps([.append(), .fail(ErrorCode(rawValue: code))])
        try await withScriptedBroker(script) { broker, producer, _ in
            _ = try await producer.send(.text("before"))
            let before = broker.metadataAsked.count
            let error = await producerError { _ = try await producer.send(.text("refused")) }
            try await body(broker, producer, error, before)
        }
    }

    @Test("codes that say that metadata is out of date: tried again, and metadata asked for anew")
    func invalidatesMetadata() async throws {
        for code in ErrorTaxonomy.invalidatesMetadata.sorted() {
            try await refuse(code) { broker, _, error, before in
                #expect(error == nil && broker.values() == ["before", "refused"], "\(code)")
                try await broker.wait { $0.metadataAsked.count > before }
            }
        }
    }

    @Test("codes that may pass: tried again, and no metadata asked for")
    func retriable() async throws {
        for code in ErrorTaxonomy.retriable.sorted() {
            try await refuse(code) { broker, _, error, before in
                #expect(error == nil && broker.values() == ["before", "refused"], "\(code)")
                #expect(broker.metadataAsked.count == before, "\(code)")
            }
        }
    }

    @Test("all other codes, also those of the future: failed at once, and the next record goes on")
    func fatal() async throws {
        let known = ErrorTaxonomy.invalidatesMetadata.union(ErrorTaxonomy.retriable).union(ErrorTaxonomy.special)
        for code in Array(Int16(-1)...140) + [999, .max, .min] where !known.contains(code) {
            try await refuse(code) { broker, producer, error, before in
                #expect(error?.code == .broker(ErrorCode(rawValue: code)), "\(code)")
                #expect(error?.message.contains(ErrorCode(rawValue: code).name) == true, "\(code)")
                #expect(broker.calls.count == 2 && broker.metadataAsked.count == before, "\(code)")
                _ = try await producer.send(.text("next"))
                #expect(broker.values() == ["before", "next"], "\(code)")
            }
        }
    }

    @Test("a code of the future is told by its number, with the broker's own words if it has any")
    func future() async throws {
        let answer = ProduceResponse.PartitionResponse(
            index: 0,
            errorCode: ErrorCode(rawValue: 1234),
            baseOffset: -1,
            errorMessage: "the moon is full"
        )
        try await withScriptedBroker(.steps([.respond([0: answer])])) { _, producer, _ in
            let error = await producerError { _ = try await producer.send(.text("a")) }
            #expect(error?.name == "UNKNOWN_ERROR_CODE(1234)")
            #expect(error?.message == "UNKNOWN_ERROR_CODE(1234): the moon is full")
        }
    }

    @Test(
        "without idempotence, errors about sequences are like any that will not pass",
        arguments: [ErrorCode.outOfOrderSequenceNumber, .unknownProducerID]
    )
    func notIdempotent(code: ErrorCode) async throws {
        try await withScriptedBroker(.steps([.fail(code)]), configure: { $0.idempotence = .off }) {
            broker,
            producer,
            _ in
            let error = await producerError { _ = try await producer.send(.text("a")) }
            #expect(error?.code == .broker(code) && broker.calls.count == 1)
        }
    }
}
