// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaProducer

/// Requests with `acks=0`, which are settled when they are written.
@Suite("Requests without answers")
struct UnansweredRequestTests {
    private let now = NIODeadline.uptimeNanoseconds(1)

    /// Makes `machine` ready, with one request in flight for each of `purposes`.
    private func prepare(_ machine: inout ConnectionMachine, inFlight apis: [APIKey]) throws -> [Int32] {
        let backoff = ExponentialBackoff(initial: .seconds(1), maximum: .seconds(1))
        machine.connectRequested(now: now, setupTimeout: backoff)
        _ = machine.connected(latestVersion: 4)
        let action = machine.versionsReceived(ApiVersionsResponse(), now: now)
        #expect(action == .becomeReady)
        return try apis.map { api in
            let purpose: InFlightRequest.Purpose = api == .produce ? .produce([]) : .initProducerID
            let request = InFlightRequest(apiKey: api, version: 7, deadline: now, purpose: purpose)
            let correlationID = machine.requestSent(request, now: now)
            return try #require(correlationID)
        }
    }

    @Test("an answer that a broker sends all the same is ignored, and the connection goes on")
    func ignoresAnswers() throws {
        var machine = ConnectionMachine()
        let sent = try prepare(&machine, inFlight: [.produce, .produce, .initProducerID])
        for correlationID in sent.prefix(2) {
            let written = machine.unansweredRequestWritten(correlationID: correlationID)
            #expect(written?.correlationID == correlationID)
        }
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
        #expect(request.apiKey == .initProducerID)
    }

    @Test("an answer to a request that was never sent still ends the connection")
    func refusesStrangers() throws {
        var machine = ConnectionMachine()
        let sent = try prepare(&machine, inFlight: [.produce])
        _ = machine.unansweredRequestWritten(correlationID: sent[0])
        guard case .close = machine.responseReceived(correlationID: sent[0] + 1, now: now) else {
            Issue.record("an answer from nowhere was taken")
            return
        }
    }

    @Test("a connection knows whether it carried such requests")
    func remembers() throws {
        var machine = ConnectionMachine()
        let sent = try prepare(&machine, inFlight: [.produce])
        let knewBefore = machine.hasUnansweredRequests
        #expect(!knewBefore)
        _ = machine.unansweredRequestWritten(correlationID: sent[0])
        let remembersIt = machine.hasUnansweredRequests
        #expect(remembersIt)
    }
}
