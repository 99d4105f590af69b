// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// What a cluster says of the metrics that it wants, and what it takes (KIP-714).
@Suite("Metrics of clients")
struct ClientMetricsTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    /// A state that has told a client what is wanted, and a good push of that client.
    private func subscribed(
        _ subscription: EmbeddedBroker.ClientMetrics = .init(interval: .seconds(10))
    ) -> (ClientMetricsState, PushTelemetryRequest) {
        var state = ClientMetricsState(subscription)
        let answer = state.subscription(of: .zero)
        let push = PushTelemetryRequest(
            clientInstanceID: answer.clientInstanceID,
            subscriptionID: answer.subscriptionID,
            metrics: ByteBuffer(string: "metrics")
        )
        return (state, push)
    }

    @Test("a client without an id is given one, and one that has its own keeps it")
    func identities() {
        var state = ClientMetricsState(.init(metrics: ["a", "b"], interval: .seconds(10)))
        let (first, second) = (state.subscription(of: .zero), state.subscription(of: .zero))
        #expect(first.clientInstanceID != .zero && first.clientInstanceID != second.clientInstanceID)
        #expect(state.subscription(of: first.clientInstanceID) == first)
        #expect(first.requestedMetrics == ["a", "b"] && first.pushIntervalMs == 10_000)
        #expect(first.acceptedCompressionTypes == [4, 3, 1, 2] && !first.deltaTemporality)
    }

    @Test("a push is kept, decompressed", arguments: [nil, Codec.gzip(), .zstd()])
    func taken(codec: Codec?) throws {
        var (state, push) = subscribed()
        if let codec {
            var compressor = try Compressor(codec)
            var body = ByteBuffer()
            try body.writeWithOutputRawSpan(minimumWritableBytes: 1000) { output throws(CompressionError) in
                try compressor.compress(push.metrics.readableBytesSpan, into: &output)
            }
            push.metrics = body
            push.compressionType = codec.name == .gzip ? 1 : 4
        }
        #expect(state.take(push, from: "c", now: start) == .none)
        #expect(
            state.pushes == [
                .init(clientID: "c", data: Array("metrics".utf8), codec: push.compressionType, isLast: false)
            ]
        )
    }

    @Test("a push is refused as by Kafka, and not kept")
    func refused() {
        var (state, push) = subscribed()
        func error(_ change: (inout PushTelemetryRequest) -> Void) -> ErrorCode {
            var changed = push
            change(&changed)
            return state.take(changed, from: "c", now: start)
        }
        #expect(error { $0.clientInstanceID = .zero } == .invalidRequest)
        #expect(error { $0.subscriptionID += 1 } == .unknownSubscriptionID)
        #expect(error { $0.compressionType = 9 } == .unsupportedCompressionType)
        #expect(error { $0.compressionType = 1 } == .invalidRecord)
        #expect(error { $0.metrics = ByteBuffer(repeating: 0, count: 2_000_000) } == .telemetryTooLarge)
        #expect(state.pushes.isEmpty)
    }

    @Test("a push before its time is refused, but the last one is not, and none comes after that")
    func throttled() {
        var (state, push) = subscribed()
        #expect(state.take(push, from: "c", now: start) == .none)
        #expect(state.take(push, from: "c", now: start + .seconds(1)) == .throttlingQuotaExceeded)
        #expect(state.take(push, from: "c", now: start + .seconds(10)) == .none)
        push.terminating = true
        #expect(state.take(push, from: "c", now: start + .seconds(11)) == .none)
        #expect(state.take(push, from: "c", now: start + .seconds(60)) == .invalidRequest)
        #expect(state.pushes.map(\.isLast) == [false, false, true])
    }

    @Test("the two APIs are told of only where metrics are wanted")
    func advertised() async throws {
        for subscription in [nil, EmbeddedBroker.ClientMetrics()] {
            try await withBroker {
                $0.clientMetrics = subscription
            } _: { _, client in
                let request = ApiVersionsRequest(clientSoftwareName: "test", clientSoftwareVersion: "1.0")
                let keys = try await client.send(request, version: 3).apiKeys.map(\.apiKey)
                #expect(keys.contains(.getTelemetrySubscriptions) == (subscription != nil))
                #expect(keys.contains(.pushTelemetry) == (subscription != nil))
                let answer = try await client.send(GetTelemetrySubscriptionsRequest(), version: 0)
                #expect(answer.errorCode == (subscription == nil ? .unsupportedVersion : .none))
            }
        }
    }

    @Test(
        "an interval that Kafka does not allow is an invalid configuration",
        arguments: [Duration.milliseconds(99), .seconds(3601)]
    )
    func interval(interval: Duration) {
        var configuration = EmbeddedBroker.Configuration()
        configuration.clientMetrics = .init(interval: interval)
        #expect(configuration.objection != nil)
    }

    @Test("brokers are told with their racks; a rack of a broker that there is not is an invalid configuration")
    func racks() async throws {
        try await withBroker {
            $0.brokers = 2
            $0.racks = [2: "b"]
        } _: { _, client in
            let answer = try await client.send(MetadataRequest(topics: []), version: 13)
            #expect(answer.brokers.map(\.rack) == [nil, "b"])
        }
        var configuration = EmbeddedBroker.Configuration()
        configuration.racks = [2: "b"]
        #expect(configuration.objection != nil)
    }
}
