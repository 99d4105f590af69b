// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import KafkaRecords
import Synchronization
import Testing

@testable import KafkaProducer

/// What becomes of a batch that a broker refuses, or of which no answer comes.
@Suite("Retry", .timeLimit(.minutes(10)))
struct RetryTests {
    private typealias Answer = ProduceResponse.PartitionResponse

    /// Values of which each fills a batch by itself when `batch.size` is 0.
    private let values = ["a", "b", "c"].map { String(repeating: $0, count: 30) }

    @Test(
        "a batch that failed in a way that may pass is sent again, under the same sequence",
        arguments: [ErrorCode.notEnoughReplicas, .corruptMessage, .requestTimedOut, .kafkaStorageError]
    )
    func retries(code: ErrorCode) async throws {
        try await withScriptedBroker(.steps([.fail(code), .fail(code)])) { broker, producer, observer in
            let metadata = try await producer.send(.text("a"))
            #expect(metadata.offset == 0)
            #expect(broker.calls.map(\.values) == [["a"], ["a"], ["a"]])
            #expect(broker.calls.flatMap(\.batches).allSatisfy { $0.header.producerID == 1000 })
            #expect(broker.calls.flatMap(\.batches).allSatisfy { $0.header.baseSequence == 0 })
            let retries = observer.events.compactMap { event in
                if case .batchRetrying("t", 0, code, let attempt, _) = event { attempt } else { nil }
            }
            #expect(retries == [1, 2])
            #expect(producer.statistics.batchesRetried == 2)
            #expect(observer.reports.map(\.attempts) == [3])
        }
    }

    @Test("an error that will not pass is told at once, with all that a person needs")
    func fatal() async throws {
        try await withScriptedBroker(.steps([.fail(.topicAuthorizationFailed)])) { broker, producer, observer in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .broker(.topicAuthorizationFailed))
            #expect(error.topic == "t" && error.partition == 0 && error.broker?.port == broker.ports[0])
            #expect(broker.calls.count == 1)
            #expect(observer.reports.map(\.values) == [["a"]])
            #expect(producer.statistics.recordsFailed == 1)
            // The sequence of what failed leaves a gap, which a new epoch closes.
            _ = try await producer.send(.text("b"))
            #expect(broker.log.map(\.header.producerEpoch) == [1] && broker.log.map(\.header.baseSequence) == [0])
        }
    }

    @Test("retries=0 means one attempt", arguments: [BrokerScript.Step.fail(.notEnoughReplicas), .close])
    func noRetries(step: BrokerScript.Step) async throws {
        try await withScriptedBroker(.steps([step]), configure: { $0.retries = 0 }) { broker, producer, _ in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect([.broker(.notEnoughReplicas), .broker(.networkException)].contains(error.code))
            #expect(broker.calls.count == 1)
            _ = try await producer.send(.text("b"))
            #expect(broker.values() == ["b"])
        }
    }

    @Test("retries are counted")
    func someRetries() async throws {
        let steps = Array(repeating: BrokerScript.Step.fail(.notEnoughReplicas), count: 9)
        try await withScriptedBroker(.steps(steps), configure: { $0.retries = 2 }) { broker, producer, _ in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .broker(.notEnoughReplicas))
            #expect(broker.calls.count == 3)
        }
    }

    // MARK: leaders

    @Test("a broker that does not lead any more and says who does is believed at once (KIP-951)")
    func leaderHint() async throws {
        let ports = Mutex<[Int]>([])
        var script = BrokerScript()
        script.produce = { call in
            guard call.node == 1 else { return .append() }
            var answer = Answer(index: 0, errorCode: .notLeaderOrFollower, baseOffset: -1)
            answer.currentLeader = LeaderAndEpoch(leaderID: 2, leaderEpoch: 1)
            let port = Int32(ports.withLock { $0[1] })
            return .respond([0: answer], endpoints: [NodeEndpoint(nodeID: 2, host: "127.0.0.1", port: port)])
        }
        // Neither waiting nor asking for metadata could help within the time limit.
        try await withScriptedBroker(script, nodes: 2) {
            ($0.retryBackoff, $0.retryBackoffMax) = (.seconds(3600), .seconds(3600))
        } _: { broker, producer, _ in
            ports.withLock { $0 = broker.ports }
            _ = try await producer.send(.text("a"))
            #expect(broker.calls.map(\.node) == [1, 2])
        }
    }

    @Test("a broker that does not lead any more makes the producer ask who does")
    func leaderMoved() async throws {
        var script = BrokerScript()
        script.produce = { $0.node == 1 ? .fail(.notLeaderOrFollower) : .append() }
        script.metadata = { ordinal, response in
            guard ordinal >= 2 else { return }
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [2], epoch: 1)
            }
        }
        try await withScriptedBroker(script, nodes: 2) { broker, producer, _ in
            _ = try await producer.send(.text("a"))
            #expect(broker.calls.last?.node == 2)
            #expect(broker.values() == ["a"])
        }
    }

    @Test("records wait for a leader that is missing, and that is told once")
    func leaderMissing() async throws {
        let isElected = Mutex(false)
        var script = BrokerScript()
        script.metadata = { _, response in
            guard !isElected.withLock({ $0 }) else { return }
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [-1], epoch: 0)
            }
        }
        try await withScriptedBroker(script) { broker, producer, observer in
            async let metadata = producer.send(.text("a"))
            try await observer.wait { if case .leaderMissing("t", 0) = $0 { true } else { false } }
            isElected.withLock { $0 = true }
            _ = try await metadata
            let told = observer.events.filter { if case .leaderMissing = $0 { true } else { false } }
            #expect(told.count == 1)
        }
    }

    // MARK: connections

    @Test("a batch whose answer was lost is sent again under the same sequence, and a duplicate counts as stored")
    func duplicate() async throws {
        try await withScriptedBroker(.steps([.appendAndClose, .fail(.duplicateSequenceNumber)])) {
            broker,
            producer,
            observer in
            let metadata = try await producer.send(.text("a", timestamp: 5))
            #expect(metadata == RecordMetadata(topic: "t", partition: 0, offset: nil, timestamp: 5))
            #expect(broker.values() == ["a"])
            let headers = broker.calls.flatMap(\.batches).map(\.header)
            #expect(headers.count == 2 && headers[0].baseSequence == headers[1].baseSequence)
            #expect(headers[0].producerEpoch == headers[1].producerEpoch)
            let isTold = observer.events.contains { event in
                if case .brokerDisconnected = event { true } else { false }
            }
            #expect(isTold)
        }
    }

    @Test("requests that were in flight when the connection ended are sent again in order")
    func severalInFlight() async throws {
        try await withScriptedBroker(.steps([.append(), .hold, .hold, .hold])) {
            $0.batchSize = 0
        } _: { broker, producer, _ in
            _ = try await producer.send(.text("first"))
            for value in values { try await producer.enqueue(.text(value)) }
            try await broker.wait(forHeld: 3)
            broker.dropHeld()
            try await producer.flush()
            #expect(broker.values() == ["first"] + values)
            #expect(broker.log.map(\.header.baseSequence) == [0, 1, 2, 3])
            #expect(broker.log.allSatisfy { $0.header.producerEpoch == 0 })
        }
    }

    @Test("a request that is not answered within request.timeout.ms is sent again")
    func requestTimeout() async throws {
        try await withScriptedBroker(.steps([.ignore])) {
            $0.requestTimeout = .milliseconds(500)
        } _: { broker, producer, observer in
            _ = try await producer.send(.text("a"))
            #expect(broker.calls.count >= 2 && broker.calls[0].connection != broker.calls[1].connection)
            let reasons = observer.events.compactMap { event in
                if case .brokerDisconnected(_, let reason) = event { reason } else { nil }
            }
            #expect(reasons.first == "no answer to Produce within request.timeout.ms=500")
        }
    }

    // MARK: delivery.timeout.ms

    @Test("a batch that is not answered within delivery.timeout.ms fails, and the next one begins a new epoch")
    func expiryInFlight() async throws {
        // The second attempt begins late, so that the batch expires before its request does.
        try await withScriptedBroker(.steps([.fail(.notEnoughReplicas), .hold, .hold])) {
            ($0.deliveryTimeout, $0.requestTimeout) = (.seconds(5), .seconds(5))
            ($0.retryBackoff, $0.retryBackoffMax) = (.seconds(2), .seconds(1))
        } _: { broker, producer, observer in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .timedOut && error.message.contains("delivery.timeout.ms=5000"))
            async let next = producer.send(.text("b"))
            try await broker.wait { $0.calls.contains { $0.values == ["b"] } }
            broker.answerHeld()
            _ = try await next
            let headers = broker.calls.filter { $0.values == ["b"] }.flatMap(\.batches).map(\.header)
            #expect(headers.allSatisfy { $0.producerEpoch == 1 && $0.baseSequence == 0 })
            #expect(observer.reports.map(\.values) == [["a"], ["b"]])
            #expect(producer.statistics.recordsFailed == 1 && producer.statistics.recordsAcked == 1)
        }
    }

    @Test("a batch that cannot be sent within delivery.timeout.ms fails, compressed or not", arguments: [false, true])
    func expiryInQueue(isCompressed: Bool) async throws {
        var script = BrokerScript()
        script.metadata = { _, response in
            for index in response.topics.indices {
                response.topics[index] = response.topics[index].with(leaders: [-1], epoch: 0)
            }
        }
        try await withScriptedBroker(script) {
            ($0.deliveryTimeout, $0.requestTimeout) = (.milliseconds(100), .milliseconds(100))
            $0.compression = isCompressed ? .zstd() : .none
        } _: { broker, producer, observer in
            let error = try #require(await producerError { _ = try await producer.send(.text("a")) })
            #expect(error.code == .timedOut && error.message.contains("the partition has no leader"))
            #expect(observer.reports.map(\.values) == [["a"]])
            #expect(broker.calls.isEmpty)
            // Who waits for a record is told before its memory is free.
            try await producer.flush()
            #expect(producer.statistics.bufferAvailable == producer.configuration.bufferMemory)
        }
    }

    // MARK: single records

    @Test("the broker's word on single records reaches them, and the others learn that they are innocent (KIP-467)")
    func recordErrors() async throws {
        var answer = Answer(index: 0, errorCode: .invalidRecord, baseOffset: -1, errorMessage: "refused")
        answer.recordErrors = [ProduceResponse.RecordError(batchIndex: 1, batchIndexErrorMessage: "it is bad")]
        try await withScriptedBroker(.steps([.respond([0: answer])])) {
            $0.linger = .seconds(3600)
        } _: { _, producer, observer in
            let errors = Mutex<[ProducerError?]>([])
            for index in 0..<3 {
                try await producer.send(.text("\(index)")) { result in
                    if case .failure(let error) = result { errors.withLock { $0.append(error) } }
                }
            }
            try await producer.flush()
            let told = errors.withLock { $0 }
            #expect(told.map { $0?.code } == Array(repeating: .broker(.invalidRecord), count: 3))
            #expect(told[1]?.message == "it is bad")
            #expect(told[0]?.message.contains("part of a batch") == true && told[0] == told[2])
            #expect(observer.reports.flatMap(\.errors) == told)
        }
    }

    @Test("callbacks that fail for the same reason come in the order of sending")
    func failuresInOrder() async throws {
        try await withScriptedBroker(.steps([.hold, .hold, .hold])) {
            ($0.batchSize, $0.retries) = (0, 0)
        } _: { broker, producer, observer in
            for value in values { try await producer.enqueue(.text(value)) }
            try await broker.wait(forHeld: 3)
            broker.dropHeld()
            try await producer.flush()
            #expect(observer.reports.map(\.values) == values.map { [$0] })
        }
    }

    @Test("under stopPartition nothing overtakes a failed record")
    func stopPartition() async throws {
        let broker = try await ScriptedBroker.start(.steps([.hold]), nodes: 1)
        defer { broker.stop() }
        var configuration = ProducerConfiguration.test(ports: broker.ports)
        configuration.batchSize = 0
        let observer = RecordingObserver()
        let producer = try KafkaProducer(
            configuration: configuration,
            observer: observer,
            failurePolicy: .stopPartition
        )
        for value in values { try await producer.enqueue(.text(value)) }
        try await broker.wait(forHeld: 1)
        broker.answerHeld(.fail(.invalidRecord))
        await producer.close()
        #expect(broker.calls.count == 1)
        #expect(observer.reports.map(\.values) == values.map { [$0] })
        let codes: [ProducerError.Code?] = [.broker(.invalidRecord), .partitionStopped, .partitionStopped]
        #expect(observer.reports.flatMap(\.errors).map { $0?.code } == codes)
    }
}
