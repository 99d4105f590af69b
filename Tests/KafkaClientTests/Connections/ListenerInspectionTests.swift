// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaClient

/// What peers are that take connections and are no brokers' plain-text listeners.
@Suite("ListenerInspection")
struct ListenerInspectionTests {
    private let now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let first = BrokerAddress(nodeID: nil, host: "a", port: 1)
    private let second = BrokerAddress(nodeID: nil, host: "b", port: 2)

    /// What a peer answers that serves these APIs.
    private func versions(_ apis: [Int16]) -> ApiVersionsResponse {
        ApiVersionsResponse(apiKeys: apis.map { .init(apiKey: APIKey(rawValue: $0), minVersion: 0, maxVersion: 9) })
    }

    @Test("what a peer shows of itself is news once, under whichever name it has")
    func certain() {
        var inspection = ListenerInspection()
        #expect(inspection.objection(to: [first]) == nil)
        #expect(inspection.ended(first, .certain(.tls), now: now) == .tls)
        #expect(inspection.ended(first, .certain(.tls), now: now) == nil)
        #expect(inspection.mismatch(of: BrokerAddress(nodeID: 7, host: "a", port: 1)) == .tls)
        #expect(inspection.mismatch(of: second) == nil)
        #expect(inspection.ended(first, .certain(.http), now: now) == .http)
    }

    @Test("a broker that only closes the first request must do it three times in a row, and for two seconds")
    func suspected() {
        var inspection = ListenerInspection()
        for delay: Int64 in [0, 100, 1900] {
            #expect(inspection.ended(first, .suspected(.login), now: now + .milliseconds(delay)) == nil)
        }
        #expect(inspection.ended(first, .suspected(.login), now: now + .seconds(2)) == .login)
        #expect(inspection.ended(second, .suspected(.login), now: now) == nil)
        #expect(inspection.ended(second, .suspected(.login), now: now + .seconds(9)) == nil)
        inspection.answered(second)
        #expect(inspection.ended(second, .suspected(.login), now: now + .seconds(10)) == nil)
    }

    @Test("a cluster is given up when none of its addresses is of use, and no longer once one has answered")
    func objection() {
        var inspection = ListenerInspection()
        _ = inspection.ended(first, .certain(.tls), now: now)
        #expect(inspection.objection(to: [first, second]) == nil)
        #expect(inspection.objection(to: []) == nil)
        _ = inspection.ended(second, .certain(.controller), now: now)
        let text = inspection.objection(to: [first, second])
        #expect(text?.hasPrefix("a:1 looks like TLS: ") == true)
        #expect(text?.contains("; b:2 is a controller's listener") == true)
        inspection.answered(second)
        #expect(inspection.objection(to: [first, second]) == nil)
    }

    @Test(
        "a peer is known by what it serves",
        arguments: [
            ([0, 1, 2, 3, 18, 22], nil), ([3, 18], nil),
            ([1, 18, 19, 52, 53, 54, 55, 62, 63], .controller), ([18, 62], .controller),
            ([18], .noMetadata), ([0, 18, 52], .noMetadata), ([], .noMetadata),
        ] as [([Int16], ListenerMismatch?)]
    )
    func served(apis: [Int16], expected: ListenerMismatch?) {
        #expect(ListenerMismatch(versions(apis)) == expected)
    }

    @Test("an answer with an error says nothing about what is served")
    func refusal() {
        #expect(ListenerMismatch(ApiVersionsResponse(errorCode: .unsupportedVersion)) == nil)
    }

    @Test("a connection is mute that told its versions, was asked for something that any broker tells, and ended")
    func mute() {
        let timeout = ExponentialBackoff(initial: .seconds(30), maximum: .seconds(30))
        for (api, answers, expected) in [
            (APIKey.metadata, false, true), (.initProducerID, false, true), (.metadata, true, false),
            (.produce, false, false),
        ] {
            var machine = ConnectionMachine()
            machine.connectRequested(now: now, setupTimeout: timeout)
            _ = machine.connected(.plain)
            _ = machine.versionsReceived(ApiVersionsResponse(), now: now)
            for _ in 0..<2 {
                let request = InFlightRequest.test(api, deadline: now)
                _ = machine.requestSent(request, now: now)
            }
            if answers { _ = machine.responseReceived(correlationID: 1, now: now) }
            let end = machine.disconnected(now: now, backoff: timeout)
            #expect(end.wasMute == expected && end.wasReady && !end.wasSettingUp)
        }
    }
}
