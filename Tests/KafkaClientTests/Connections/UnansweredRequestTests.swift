// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaClient

/// Requests with `acks=0`, which a later answer confirms.
@Suite("Requests without answers")
struct UnansweredRequestTests {
    private let now = NIODeadline.uptimeNanoseconds(1)

    /// Makes `machine` ready, with one request in flight for each of `apis`; Produce gets no answer.
    private func prepare(_ machine: inout ConnectionMachine, inFlight apis: [APIKey]) throws -> [Int32] {
        let backoff = ExponentialBackoff(initial: .seconds(1), maximum: .seconds(1))
        machine.connectRequested(now: now, setupTimeout: backoff)
        _ = machine.connected(.plain)
        let action = machine.versionsReceived(ApiVersionsResponse(), now: now)
        #expect(action == .becomeReady(firstCorrelationID: 1, sessionLifetimeMs: nil))
        return try apis.map { api in
            let request = InFlightRequest.test(api, deadline: now, isAnswered: api != .produce)
            let correlationID = machine.requestSent(request, now: now)
            return try #require(correlationID)
        }
    }

    @Test("an answer confirms what was written before its request, and nothing after it")
    func confirms() throws {
        var machine = ConnectionMachine()
        let sent = try prepare(&machine, inFlight: [.produce, .produce, .apiVersions, .produce])
        for correlationID in sent { machine.requestWritten(correlationID: correlationID) }
        let isAsking = machine.wantsConfirmation
        #expect(!isAsking)
        guard case .complete(let answered) = machine.responseReceived(correlationID: sent[2], now: now) else {
            Issue.record("the request that wants an answer was not completed")
            return
        }
        let confirmed = machine.takeConfirmed(by: answered).map(\.correlationID)
        #expect(confirmed == Array(sent.prefix(2)))
        let asksForLast = machine.wantsConfirmation
        #expect(asksForLast)
        let again = machine.takeConfirmed(by: answered).count
        #expect(again == 0)
    }

    @Test("a connection that breaks tells what was written and not confirmed, and what the broker cannot have whole")
    func breaks() throws {
        var machine = ConnectionMachine()
        let sent = try prepare(&machine, inFlight: [.produce, .apiVersions, .produce])
        for correlationID in sent.prefix(2) { machine.requestWritten(correlationID: correlationID) }
        let backoff = ExponentialBackoff(initial: .seconds(1), maximum: .seconds(1))
        let end = machine.disconnected(now: now, backoff: backoff)
        #expect(end.failing.map(\.correlationID) == sent)
        #expect(end.failing.map(\.isWritten) == [true, true, false])
    }

    @Test("what is written and not confirmed is not in flight: it neither expires nor counts against others")
    func isNotInFlight() throws {
        var machine = ConnectionMachine()
        let sent = try prepare(&machine, inFlight: [.produce])
        machine.requestWritten(correlationID: sent[0])
        #expect(machine.inFlightCount == 0)
        let expired = machine.expired(now: .distantFuture, maximumIdle: .nanoseconds(-1))
        #expect(expired == nil)
    }

    @Test("an answer that a broker sends all the same is ignored, and the connection goes on")
    func ignoresAnswers() throws {
        var machine = ConnectionMachine()
        let sent = try prepare(&machine, inFlight: [.produce, .produce, .apiVersions])
        for correlationID in sent.prefix(2) { machine.requestWritten(correlationID: correlationID) }
        for correlationID in sent.prefix(2) {
            guard case .ignore = machine.responseReceived(correlationID: correlationID, now: now) else {
                Issue.record("the answer to \(correlationID) was not ignored")
                return
            }
        }
        guard case .complete(let request) = machine.responseReceived(correlationID: sent[2], now: now) else {
            Issue.record("the request that wants an answer was not completed")
            return
        }
        #expect(request.apiKey == .apiVersions)
    }

    @Test("an answer to a request that was never sent still ends the connection")
    func refusesStrangers() throws {
        var machine = ConnectionMachine()
        let sent = try prepare(&machine, inFlight: [.produce])
        machine.requestWritten(correlationID: sent[0])
        guard case .close = machine.responseReceived(correlationID: sent[0] + 1, now: now) else {
            Issue.record("an answer from nowhere was taken")
            return
        }
    }
}
