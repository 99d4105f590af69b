// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaClient

/// The life of a connection, event by event.
@Suite("ConnectionMachine")
struct ConnectionMachineTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let setup = ExponentialBackoff(initial: .seconds(2), maximum: .seconds(1))
    private let backoff = ExponentialBackoff(initial: .milliseconds(200), maximum: .milliseconds(100))
    private let versions = ApiVersionsResponse(apiKeys: [.init(apiKey: .produce, minVersion: 0, maxVersion: 11)])

    private func request(deadline: NIODeadline) -> InFlightRequest {
        .test(.produce, deadline: deadline)
    }

    private func negotiating() -> ConnectionMachine {
        var machine = ConnectionMachine()
        machine.connectRequested(now: start, setupTimeout: setup)
        _ = machine.connected(.plain)
        return machine
    }

    private func ready() -> ConnectionMachine {
        var machine = negotiating()
        _ = machine.versionsReceived(versions, now: start)
        return machine
    }

    // MARK: agreeing on versions

    @Test("a new connection may be made at once")
    func initial() {
        let machine = ConnectionMachine()
        let mayConnect = machine.mayConnect(now: start)
        #expect(mayConnect)
        #expect(!machine.isReady && !machine.isConnectingOrConnected && machine.versions == nil)
    }

    @Test("a connection asks for versions in the newest version, then takes requests")
    func negotiates() {
        var machine = ConnectionMachine()
        machine.connectRequested(now: start, setupTimeout: setup)
        let mayConnectAgain = machine.mayConnect(now: start + .seconds(9))
        #expect(machine.isConnectingOrConnected && !mayConnectAgain)
        let asked = machine.connected(.plain)
        #expect(asked == .sendAPIVersions(version: 4, correlationID: 0))
        guard case .setup(.versions(4)) = machine.responseReceived(correlationID: 0, now: start) else {
            Issue.record("the answer was not taken for that")
            return
        }
        let action = machine.versionsReceived(versions, now: start)
        #expect(action == .becomeReady(firstCorrelationID: 1, sessionLifetimeMs: nil))
        #expect(machine.isReady && machine.versions?.version(of: .produce) == 11)
        let first = machine.requestSent(request(deadline: start), now: start)
        #expect(first == 1)
    }

    @Test("a broker that finds the question too new is asked in version 0, once (KIP-511)")
    func negotiatesAgain() {
        let refusal = ApiVersionsResponse(errorCode: .unsupportedVersion)
        var machine = negotiating()
        let again = machine.versionsReceived(refusal, now: start)
        #expect(again == .sendAPIVersions(version: 0, correlationID: 1))
        guard case .setup(.versions(0)) = machine.responseReceived(correlationID: 1, now: start) else {
            Issue.record("the answer was not taken for that")
            return
        }
        let third = machine.versionsReceived(refusal, now: start)
        guard case .close = third else {
            Issue.record("asked a third time: \(third)")
            return
        }
    }

    @Test(
        "a broker that names the newest version of the question is asked in that one, as long as it is an older one",
        arguments: [(Int16(0), Int16(0)), (3, 3), (4, 3), (99, 3), (-7, 0)]
    )
    func negotiatesNamedVersion(named: Int16, expected: Int16) {
        let refusal = ApiVersionsResponse(
            errorCode: .unsupportedVersion,
            apiKeys: [.init(apiKey: .apiVersions, minVersion: 0, maxVersion: named)]
        )
        var machine = negotiating()
        let again = machine.versionsReceived(refusal, now: start)
        #expect(again == .sendAPIVersions(version: expected, correlationID: 1))
    }

    @Test("any other error in answer to the question ends the connection")
    func refused() {
        var machine = negotiating()
        let action = machine.versionsReceived(
            ApiVersionsResponse(errorCode: .clusterAuthorizationFailed),
            now: start
        )
        #expect(action == .close(reason: "it answered ApiVersions with CLUSTER_AUTHORIZATION_FAILED"))
    }

    @Test("an answer to something else ends the negotiation")
    func wrongAnswer() {
        var machine = negotiating()
        guard case .close = machine.responseReceived(correlationID: 7, now: start) else {
            Issue.record("an answer to nothing was taken")
            return
        }
    }

    @Test("a channel that opens when nobody waits for it is closed")
    func lateChannel() {
        var idle = ConnectionMachine()
        let whenIdle = idle.connected(.plain)
        #expect(whenIdle == nil)
        var busy = ready()
        let whenReady = busy.connected(.plain)
        #expect(whenReady == nil)
        let isReady = busy.isReady
        #expect(isReady)
    }

    // MARK: requests

    @Test("requests are answered in the order in which they were sent")
    func inOrder() {
        var machine = ready()
        let ids = (1...3).map { machine.requestSent(request(deadline: start + .seconds($0)), now: start) }
        #expect(ids == [1, 2, 3])
        #expect(machine.inFlightCount == 3)
        for id in Int32(1)...3 {
            guard case .complete(let request) = machine.responseReceived(correlationID: id, now: start) else {
                Issue.record("the answer to \(id) was not taken")
                return
            }
            #expect(request.correlationID == id && request.deadline == start + .seconds(Int64(id)))
        }
        #expect(machine.inFlightCount == 0)
    }

    @Test("an answer out of order ends the connection, and no request is lost", arguments: [Int32(2), 7, 0])
    func outOfOrder(id: Int32) {
        var machine = ready()
        for _ in 0..<2 { _ = machine.requestSent(request(deadline: start), now: start) }
        guard case .close = machine.responseReceived(correlationID: id, now: start) else {
            Issue.record("the answer was taken")
            return
        }
        let end = machine.disconnected(now: start, backoff: backoff)
        #expect(end.failing.map(\.correlationID) == [1, 2])
    }

    @Test("an answer that nobody waits for ends the connection")
    func unasked() {
        var machine = ready()
        guard case .close = machine.responseReceived(correlationID: 1, now: start) else {
            Issue.record("the answer was taken")
            return
        }
    }

    @Test("a connection that is not ready takes no requests")
    func notReady() {
        var machine = negotiating()
        let id = machine.requestSent(request(deadline: start), now: start)
        #expect(id == nil)
    }

    // MARK: the end

    @Test("when a connection ends, its requests fail in order")
    func failing() {
        var machine = ready()
        for _ in 0..<3 { _ = machine.requestSent(request(deadline: start), now: start) }
        let end = machine.disconnected(now: start, backoff: backoff)
        #expect(end.wasReady)
        #expect(end.failing.map(\.correlationID) == [1, 2, 3])
        #expect(machine.inFlightCount == 0)
        let again = machine.disconnected(now: start, backoff: backoff)
        #expect(!again.wasReady && again.failing.isEmpty)
    }

    @Test("the next attempt waits for the backoff")
    func waits() {
        var machine = ready()
        let end = machine.disconnected(now: start, backoff: backoff)
        #expect(end.retryIn == .milliseconds(100))
        #expect(machine.retryAt == start + .milliseconds(100))
        let early = machine.mayConnect(now: start + .milliseconds(99))
        let due = machine.mayConnect(now: start + .milliseconds(100))
        #expect(!early && due)
    }

    @Test("waits grow with failures, and begin anew after a connection was ready")
    func backoffGrows() {
        let backoff = ExponentialBackoff(initial: .milliseconds(100), maximum: .seconds(100))
        var machine = ConnectionMachine()
        var waits: [Duration] = []
        for _ in 0..<4 {
            machine.connectRequested(now: start, setupTimeout: setup)
            waits.append(machine.disconnected(now: start, backoff: backoff).retryIn)
        }
        for (failures, wait) in waits.enumerated() {
            let nominal = Duration.milliseconds(100 << failures)
            #expect(wait >= nominal * 0.79 && wait <= nominal * 1.21, "\(waits)")
        }
        machine.connectRequested(now: start, setupTimeout: setup)
        _ = machine.connected(.plain)
        _ = machine.versionsReceived(versions, now: start)
        let afterReady = machine.disconnected(now: start, backoff: backoff).retryIn
        #expect(afterReady <= .milliseconds(121))
    }

    @Test("a failed negotiation counts as a failure to connect")
    func negotiationFails() {
        let backoff = ExponentialBackoff(initial: .milliseconds(100), maximum: .seconds(100))
        var machine = negotiating()
        let first = machine.disconnected(now: start, backoff: backoff)
        #expect(!first.wasReady)
        machine.connectRequested(now: start, setupTimeout: setup)
        _ = machine.connected(.plain)
        let second = machine.disconnected(now: start, backoff: backoff)
        #expect(second.retryIn >= .milliseconds(159))
    }

    @Test("the time to connect grows with failures")
    func setupGrows() {
        let setup = ExponentialBackoff(initial: .seconds(10), maximum: .seconds(30))
        var machine = ConnectionMachine()
        machine.connectRequested(now: start, setupTimeout: setup)
        _ = machine.disconnected(now: start, backoff: backoff)
        machine.connectRequested(now: start, setupTimeout: setup)
        let expiry = machine.nextExpiry(maximumIdle: .seconds(1))
        #expect(expiry.map { $0 >= start + .milliseconds(15_900) && $0 <= start + .milliseconds(24_100) } == true)
    }

    // MARK: expiry

    @Test("connecting and negotiating must be over within the setup timeout")
    func setupExpires() {
        var machine = ConnectionMachine()
        machine.connectRequested(now: start, setupTimeout: setup)
        let before = machine.expired(now: start + .milliseconds(999), maximumIdle: .seconds(9))
        let after = machine.expired(now: start + .seconds(1), maximumIdle: .seconds(9))
        #expect(before == nil && after == .setup(.connection))
        _ = machine.connected(.plain)
        let negotiating = machine.expired(now: start + .seconds(1), maximumIdle: .seconds(9))
        let next = machine.nextExpiry(maximumIdle: .seconds(9))
        #expect(negotiating == .setup(.versions(isSecured: false)))
        #expect(next == start + .seconds(1))
    }

    @Test("a request that is not answered in time is told by its name")
    func requestExpires() {
        var machine = ready()
        _ = machine.requestSent(request(deadline: start + .seconds(5)), now: start)
        _ = machine.requestSent(request(deadline: start + .seconds(3)), now: start)
        let next = machine.nextExpiry(maximumIdle: .seconds(1))
        #expect(next == start + .seconds(3))
        let before = machine.expired(now: start + .milliseconds(2_999), maximumIdle: .seconds(1))
        let after = machine.expired(now: start + .seconds(3), maximumIdle: .seconds(1))
        #expect(before == nil && after == .request(.produce))
    }

    @Test("a connection is idle since its last request or answer")
    func idleExpires() {
        var machine = ready()
        _ = machine.requestSent(request(deadline: start + .seconds(60)), now: start)
        _ = machine.responseReceived(correlationID: 1, now: start + .seconds(4))
        let next = machine.nextExpiry(maximumIdle: .seconds(9))
        #expect(next == start + .seconds(13))
        let before = machine.expired(now: start + .milliseconds(12_999), maximumIdle: .seconds(9))
        let after = machine.expired(now: start + .seconds(13), maximumIdle: .seconds(9))
        #expect(before == nil && after == .idle)
    }

    @Test("a connection on which an answer is waited for is not idle, however long that takes")
    func notIdle() {
        var machine = ready()
        _ = machine.requestSent(request(deadline: start + .hours(9)), now: start)
        let later = machine.expired(now: start + .hours(8), maximumIdle: .seconds(9))
        #expect(later == nil)
    }

    @Test("with a negative limit a connection is never idle")
    func neverIdle() {
        let machine = ready()
        let next = machine.nextExpiry(maximumIdle: .nanoseconds(-1))
        let later = machine.expired(now: start + .hours(1000), maximumIdle: .nanoseconds(-1))
        #expect(next == nil && later == nil)
    }
}
