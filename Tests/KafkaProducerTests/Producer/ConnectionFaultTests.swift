// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaProducer

/// Connections that stall, pause, or end in the middle of something.
@Suite("Connection faults", .timeLimit(.minutes(10)))
struct ConnectionFaultTests {
    /// Values of which each fills a batch by itself when `batch.size` is 0.
    private let values = ["a", "b", "c"].map { String(repeating: $0, count: 30) }

    @Test("one request that is late ends the connection, and all that are in flight on it have timed out, in order")
    func requestTimeout() async throws {
        try await withScriptedBroker(.steps([.hold, .hold, .hold])) {
            ($0.batchSize, $0.retries, $0.requestTimeout) = (0, 0, .milliseconds(500))
        } _: { broker, producer, observer in
            for value in values { try await producer.enqueue(.text(value)) }
            try await producer.flush()
            #expect(observer.reports.map(\.values) == values.map { [$0] })
            let codes: [ProducerError.Code?] = Array(repeating: .broker(.requestTimedOut), count: 3)
            #expect(observer.reports.flatMap(\.errors).map { $0?.code } == codes)
            #expect(broker.endedConnections >= 1)
        }
    }

    @Test("when an answer cannot be read, its batches come first again, before those that were in flight behind them")
    func unreadable() async throws {
        var script = BrokerScript.steps([.hold, .hold, .hold])
        script.cut = { api, ordinal in api == .produce && ordinal == 0 ? 3 : nil }
        try await withScriptedBroker(script) {
            ($0.batchSize, $0.idempotence) = (0, .off)
        } _: { broker, producer, _ in
            for value in values { try await producer.enqueue(.text(value)) }
            try await broker.wait(forHeld: 3)
            broker.answerHeld(.fail(.notEnoughReplicas), first: 1)
            try await producer.flush()
            #expect(broker.calls.dropFirst(3).map(\.values) == values.map { [$0] })
        }
    }

    @Test("no request is sent while one before it is not written out")
    func oneWriteAtATime() async throws {
        try await withLoopbackBroker(.steps([.append(), .stopReading])) {
            ($0.batchSize, $0.maxRequestSize, $0.bufferMemory) = (0, 32 << 20, 64 << 20)
        } _: { broker, producer in
            _ = try await producer.send(.text("first"))
            try await producer.enqueue(.text("the broker reads no further"))
            try await broker.wait(forCalls: 2)
            // More than the buffers of the kernels on both sides take.
            for _ in 0..<2 { try await producer.enqueue(.text(String(repeating: "x", count: 16 << 20))) }
            // Asking takes the way that the records took before.
            let reasons = await producer.stallReasons()
            #expect(producer.statistics.requestsSent == 3)
            #expect(!reasons.isEmpty)
            await producer.close(timeout: .zero)
        }
    }

    // MARK: pauses

    @Test("during a pause that a broker asked for nothing goes to it, no question about metadata either (KIP-219)")
    func pause() async throws {
        let pause = TimeAmount.milliseconds(400)
        let script = BrokerScript.steps([.append(throttle: 400)])
        try await withScriptedBroker(script, configure: { $0.metadataMaxAge = .milliseconds(5) }) {
            broker,
            producer,
            observer in
            _ = try await producer.send(.text("a"))
            _ = try await producer.send(.text("b"))
            let paused = broker.calls[0].time
            #expect(broker.calls[1].time >= paused + pause)
            // A question may have been on its way already.
            let during = broker.metadataTimes.filter { $0 > paused && $0 < paused + pause }
            #expect(during.count <= 1)
            // A broker that pauses is not one that is gone.
            #expect(!observer.events.contains { if case .rebootstrapping = $0 { true } else { false } })
        }
    }

    @Test("a broker that asks for a pause with its first answer gets one")
    func pauseAtFirst() async throws {
        var script = BrokerScript()
        script.versions = { $0.throttleTimeMs = 300 }
        try await withVirtualBroker(script) { broker, producer, _, network in
            async let sent = producer.send(.text("a"))
            await network.advance(by: .milliseconds(299))
            #expect(broker.metadataAsked.isEmpty)
            #expect(await network.advance { !broker.calls.isEmpty })
            _ = try await sent
        }
    }

    @Test("with an old version of the request the broker has paused by itself already", arguments: [Int16(3), 5])
    func oldVersion(version: Int16) async throws {
        var script = BrokerScript()
        script.produceVersions = 0...version
        script.produce = { _ in .append(throttle: .max) }
        try await withScriptedBroker(script) { broker, producer, observer in
            for value in values { _ = try await producer.send(.text(value)) }
            #expect(broker.values() == values)
            #expect(!observer.events.contains { if case .throttled = $0 { true } else { false } })
        }
    }

    // MARK: names

    private static let localhostIsKnown = (try? SocketAddress.makeAddressResolvingHost("localhost", port: 0)) != nil

    @Test(
        "a host name leads to whichever of its addresses answers",
        .enabled(if: localhostIsKnown, "localhost has no address here")
    )
    func hostName() async throws {
        let broker = try await ScriptedBroker.start(BrokerScript(), nodes: 1)
        defer { broker.stop() }
        try await withProducer(.test(ports: broker.ports, host: "localhost")) { producer in
            _ = try await producer.send(.text("a"))
            #expect(broker.values() == ["a"])
        }
    }
}
