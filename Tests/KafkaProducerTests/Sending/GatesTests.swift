// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// Results handed from callbacks to tasks.
@Suite("Gates", .timeLimit(.minutes(10)))
struct GatesTests {
    private let metadata = RecordMetadata(topic: "t", partition: 0, offset: 5, timestamp: 1)

    @Test("a result that is there is not waited for")
    func resultFirst() async throws {
        let gate = CompletionGate()
        gate.complete(.success(metadata))
        #expect(try await gate.result().get() == metadata)
    }

    @Test("a result that comes later is waited for")
    func waiterFirst() async throws {
        let gate = CompletionGate()
        async let result = gate.result()
        await Task.yield()
        gate.complete(.failure(.closedProducer))
        #expect(await result == .failure(.closedProducer))
    }

    @Test("an open gate lets through, however often it is opened")
    func opened() async {
        let gate = OneShotGate()
        gate.open()
        gate.open()
        await gate.wait()
    }

    @Test("a closed gate holds until it is opened")
    func closed() async {
        let gate = OneShotGate()
        async let waiting: Void = gate.wait()
        await Task.yield()
        gate.open()
        await waiting
    }

    @Test("nobody enters once the end has begun, and it waits for whoever has entered before")
    func visits() async {
        let visits = SenderVisits()
        #expect(visits.isOpen && visits.enter() && visits.enter())
        #expect(visits.close() && !visits.close())
        #expect(!visits.isOpen && !visits.enter())
        async let empty: Void = visits.allLeft()
        await Task.yield()
        visits.leave()
        visits.leave()
        await empty
        await visits.allLeft()
    }
}
