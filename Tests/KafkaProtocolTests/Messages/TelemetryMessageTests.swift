// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

/// The messages of KIP-714, byte for byte as their definitions lay them out.
@Suite("Messages of telemetry")
struct TelemetryMessageTests {
    private let id = TopicID(mostSignificant: 0x0102, leastSignificant: 0x0304)
    private let idBytes: [UInt8] = [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4]

    private func expect<Message: KafkaMessage & Equatable>(_ message: Message, _ bytes: [UInt8]) throws {
        var encoded = ByteBuffer()
        try message.encode(into: &encoded, version: 0)
        #expect(Array(buffer: encoded) == bytes)
        var body = ByteBuffer(bytes: bytes)
        #expect(try Message(decoding: &body, version: 0) == message)
        for count in 0..<bytes.count {
            var short = ByteBuffer(bytes: bytes.prefix(count))
            #expect(throws: DecodingError.self) { try Message(decoding: &short, version: 0) }
        }
    }

    @Test("which metrics are wanted")
    func subscriptions() throws {
        try expect(GetTelemetrySubscriptionsRequest(clientInstanceID: id), idBytes + [0])
        let response = GetTelemetrySubscriptionsResponse(
            throttleTimeMs: 1,
            errorCode: .none,
            clientInstanceID: id,
            subscriptionID: 5,
            acceptedCompressionTypes: [4, 3],
            pushIntervalMs: 6,
            telemetryMaxBytes: 7,
            deltaTemporality: true,
            requestedMetrics: ["a", "*"]
        )
        let numbers: [UInt8] = [0, 0, 0, 5, 3, 4, 3, 0, 0, 0, 6, 0, 0, 0, 7, 1]
        try expect(response, [0, 0, 0, 1, 0, 0] + idBytes + numbers + [3, 2, 0x61, 2, 0x2A, 0])
    }

    @Test("a push")
    func push() throws {
        let request = PushTelemetryRequest(
            clientInstanceID: id,
            subscriptionID: 5,
            terminating: true,
            compressionType: 4,
            metrics: ByteBuffer(bytes: [9, 8])
        )
        try expect(request, idBytes + [0, 0, 0, 5, 1, 4, 3, 9, 8, 0])
        try expect(PushTelemetryResponse(throttleTimeMs: 2, errorCode: .telemetryTooLarge), [0, 0, 0, 2, 0, 118, 0])
    }
}
