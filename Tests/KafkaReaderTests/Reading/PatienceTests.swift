// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaReader

@Suite("Patience with failures in a row")
struct PatienceTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private var patience = Patience(ReadPlan.test { $0.client.retryBackoffMax = .seconds(2) }.limits)

    @Test("it ends when nothing has gone well for the timeout, and says why")
    mutating func ends() {
        let broker = BrokerAddress(nodeID: 1, host: "h", port: 9092)
        let obstacle = Obstacle.notConnected(broker, reason: "Connection refused")
        #expect(patience.met(obstacle, now: start) == .wait(until: start + .seconds(60)))
        #expect(patience.failed("late", unknown: nil, now: start + .seconds(59)) == nil)
        #expect(patience.retryAt.map { $0 <= start + .seconds(60) } == true)
        let verdict = patience.met(obstacle, now: start + .seconds(60))
        guard case .fail(.timedOut(.seconds(60), let reason)) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(reason == "its leader h:9092 (id 1) could not be connected to: Connection refused")
    }

    @Test("what goes well begins it anew")
    mutating func rewarded() {
        #expect(patience.failed("late", unknown: nil, now: start) == nil)
        patience.rewarded()
        #expect(patience.retryAt == nil)
        #expect(patience.failed("late", unknown: nil, now: start + .seconds(70)) == nil)
    }

    @Test("a topic may be unknown for a shorter time, counted from when that is known")
    mutating func unknown() {
        #expect(patience.met(.notKnownYet(reason: nil), now: start) == .wait(until: start + .seconds(60)))
        let told = start + .seconds(20)
        #expect(patience.met(.unknownTopic, now: told) == .wait(until: told + .seconds(5)))
        #expect(patience.met(.unknownTopic, now: told + .seconds(5)) == .fail(.unknownTopic))
        let count = Obstacle.unknownPartition(count: 3)
        #expect(patience.met(count, now: told + .seconds(6)) == .fail(.unknownPartition(count: 3)))
        // Something else in between begins that time anew.
        #expect(patience.met(.noLeader, now: told + .seconds(7)) == .wait(until: start + .seconds(60)))
        #expect(patience.met(.unknownTopic, now: told + .seconds(8)) == .wait(until: told + .seconds(13)))
    }

    @Test("what stays as it is is not waited for")
    mutating func fatal() {
        let refused = Obstacle.refused(.topicAuthorizationFailed)
        #expect(patience.met(refused, now: start) == .fail(.refused(.topicAuthorizationFailed)))
        #expect(patience.met(.noListener("looks like TLS"), now: start) == .fail(.noListener("looks like TLS")))
    }

    @Test("waits double up to their bound")
    mutating func doubles() {
        var waits: [Int64] = []
        for _ in 0..<7 {
            #expect(patience.failed("late", unknown: nil, now: start) == nil)
            waits.append(((patience.retryAt ?? start) - start).nanoseconds / 1_000_000)
        }
        for (wait, nominal) in zip(waits, [100, 200, 400, 800, 1600, 2000, 2000] as [Int64]) {
            #expect((nominal * 8 / 10 - 1...nominal * 12 / 10).contains(wait), "\(waits)")
        }
    }
}
