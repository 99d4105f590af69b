// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaProducer

/// When brokers are asked which metrics they want, and when these are pushed (KIP-714).
@Suite("TelemetryMachine")
struct TelemetryMachineTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let instance = TopicID(mostSignificant: 1, leastSignificant: 2)

    private func answer(
        _ error: ErrorCode = .none,
        metrics: [String] = ["*"],
        interval: Int32 = 10_000
    ) -> GetTelemetrySubscriptionsResponse {
        GetTelemetrySubscriptionsResponse(
            errorCode: error,
            clientInstanceID: instance,
            subscriptionID: 7,
            pushIntervalMs: interval,
            telemetryMaxBytes: 1000,
            requestedMetrics: metrics
        )
    }

    private func machine(isEnabled: Bool = true) -> TelemetryMachine {
        TelemetryMachine(isEnabled: isEnabled, retryBackoff: .milliseconds(100))
    }

    /// One that has asked and was answered at `start`.
    private func subscribed(jitter: Double = 0.5, interval: Int32 = 10_000) -> TelemetryMachine {
        var machine = machine()
        #expect(machine.next(now: start) == .ask(.zero))
        machine.received(answer(interval: interval), jitter: jitter, now: start)
        return machine
    }

    private func isLast(_ action: TelemetryMachine.Action?) -> Bool? {
        if case .push(_, let isLast) = action { isLast } else { nil }
    }

    @Test("asks at once, without a timer, and once")
    func asks() {
        var machine = machine()
        #expect(machine.isDue(now: start) && machine.nextAction == nil)
        #expect(machine.next(now: start) == .ask(.zero))
        #expect(!machine.isDue(now: start + .hours(1)))
        #expect(machine.next(now: start + .hours(1)) == nil)
    }

    @Test("does nothing when enable.metrics.push is false")
    func disabled() {
        var machine = machine(isEnabled: false)
        #expect(!machine.isDue(now: start) && machine.next(now: start) == nil && machine.hasEnded)
    }

    @Test(
        "first pushes after half to one and a half of the interval, by chance",
        arguments: [(0.0, 5), (0.5, 10), (1.0, 15)]
    )
    func firstPush(jitter: Double, seconds: Int64) {
        var machine = subscribed(jitter: jitter)
        #expect(machine.nextAction == start + .seconds(seconds))
        #expect(machine.next(now: start + .seconds(seconds) - .nanoseconds(1)) == nil)
        #expect(isLast(machine.next(now: start + .seconds(seconds))) == false)
    }

    @Test("pushes after each interval, without chance")
    func pushes() {
        var machine = subscribed()
        for round in 1...3 {
            let now = start + .seconds(10 * Int64(round))
            #expect(isLast(machine.next(now: now)) == false)
            #expect(machine.next(now: now) == nil)
            machine.received(PushTelemetryResponse(), now: now)
            #expect(machine.nextAction == now + .seconds(10))
        }
    }

    @Test("a broker that wants nothing is asked again after the interval, with the id that it gave")
    func nothingWanted() {
        var machine = machine()
        _ = machine.next(now: start)
        machine.received(answer(metrics: []), jitter: 0.1, now: start)
        #expect(machine.next(now: start + .seconds(10) - .nanoseconds(1)) == nil)
        #expect(machine.next(now: start + .seconds(10)) == .ask(instance))
    }

    @Test(
        "a push that is refused asks again: at once for an old subscription, later for too much, never for what is wrong",
        arguments: [
            (ErrorCode.unknownSubscriptionID, Int64?.some(100)), (.unsupportedCompressionType, 100),
            (.telemetryTooLarge, 10_000), (.throttlingQuotaExceeded, 10_000), (.invalidRequest, nil),
            (.invalidRecord, nil), (.unsupportedVersion, nil), (.unknownServerError, nil),
        ]
    )
    func refused(code: ErrorCode, milliseconds: Int64?) {
        var machine = subscribed()
        let now = start + .seconds(10)
        _ = machine.next(now: now)
        machine.received(PushTelemetryResponse(errorCode: code), now: now)
        #expect(machine.nextAction == milliseconds.map { now + .milliseconds($0) })
        #expect(machine.hasEnded == (milliseconds == nil))
        guard let milliseconds else { return }
        #expect(machine.next(now: now + .milliseconds(milliseconds)) == .ask(instance))
    }

    @Test("brokers that do not know of metrics, or do not answer, are asked again after five minutes, without a timer")
    func unsupported() {
        var machine = machine()
        machine.unsupported(now: start)
        #expect(!machine.isDue(now: start + .seconds(299)) && machine.nextAction == nil)
        #expect(machine.next(now: start + .seconds(300)) == .ask(.zero))
        machine.unanswered(now: start + .seconds(300))
        #expect(!machine.isDue(now: start + .seconds(599)))
        #expect(machine.isDue(now: start + .seconds(600)))
    }

    @Test(
        "an interval of nothing is five minutes, one of less than Kafka allows is 100 ms",
        arguments: [(0, 300_000), (-1, 300_000), (1, 100)]
    )
    func intervals(interval: Int32, milliseconds: Int64) {
        #expect(subscribed(interval: interval).nextAction == start + .milliseconds(milliseconds))
    }

    @Test("the last push is due at once, and its answer is the end")
    func last() {
        var machine = subscribed()
        machine.close(now: start + .seconds(1))
        #expect(!machine.hasEnded)
        #expect(isLast(machine.next(now: start + .seconds(1))) == true)
        machine.received(PushTelemetryResponse(errorCode: .throttlingQuotaExceeded), now: start + .seconds(1))
        #expect(machine.hasEnded && machine.nextAction == nil)
    }

    @Test("without a subscription there is no last push")
    func noLast() {
        var waiting = machine()
        waiting.close(now: start)
        #expect(waiting.hasEnded)
        var asked = machine()
        _ = asked.next(now: start)
        asked.close(now: start)
        #expect(asked.hasEnded)
        asked.received(answer(), jitter: 0, now: start)
        #expect(asked.hasEnded && asked.next(now: start + .hours(1)) == nil)
    }

    @Test("an answer that names no client ends it")
    func withoutInstance() {
        var machine = machine()
        _ = machine.next(now: start)
        machine.received(GetTelemetrySubscriptionsResponse(requestedMetrics: ["*"]), jitter: 0, now: start)
        #expect(machine.hasEnded)
    }
}
