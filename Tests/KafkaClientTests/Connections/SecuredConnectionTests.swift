// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

@testable import KafkaClient

/// Connections with TLS and a login, event by event.
@Suite("A connection that is secured and logs in")
struct SecuredConnectionTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let backoff = ExponentialBackoff(initial: .milliseconds(100), maximum: .milliseconds(200))
    private let login = ConnectionSetup.Plan.Login(mechanism: .plain, user: "alice")
    private let response = ApiVersionsResponse(apiKeys: [
        .init(apiKey: .saslHandshake, minVersion: 0, maxVersion: 1),
        .init(apiKey: .saslAuthenticate, minVersion: 0, maxVersion: 2),
        .init(apiKey: .produce, minVersion: 0, maxVersion: 11),
    ])

    private func connected(secures: Bool) -> ConnectionMachine {
        var machine = ConnectionMachine()
        machine.connectRequested(now: start, setupTimeout: backoff)
        let action = machine.connected(ConnectionSetup.Plan(secures: secures, login: login, latestVersion: 4))
        #expect(action == (secures ? .secure : .sendAPIVersions(version: 4, correlationID: 0)))
        return machine
    }

    /// Logs in on a connection whose versions are known.
    private func ready(lifetime: Int64) -> ConnectionMachine {
        var machine = connected(secures: false)
        let handshake = machine.setUp(now: start) { $0.versionsReceived(response, now: start) }
        #expect(handshake == .login(.sendHandshake(.plain, version: 1), correlationID: 1))
        _ = machine.setUp(now: start) { $0.login { $0.handshakeAnswered(SaslHandshakeResponse()) } }
        let token = machine.setUp(now: start) { $0.login { $0.tokenMade(Secret("t")) } }
        #expect(token == .login(.sendToken(Secret("t"), version: 2), correlationID: 2))
        guard case .setup(.login(.authenticate(2))) = machine.responseReceived(correlationID: 2, now: start) else {
            Issue.record("the answer to the token was not expected")
            return machine
        }
        let answer = SaslAuthenticateResponse(sessionLifetimeMs: lifetime)
        _ = machine.setUp(now: start) { $0.login { $0.authenticateAnswered(answer) } }
        let end = machine.setUp(now: start) { $0.login { $0.mechanismEnded() } }
        #expect(end == .becomeReady(firstCorrelationID: 3, sessionLifetimeMs: lifetime))
        return machine
    }

    @Test("the question for versions waits for the TLS handshake")
    func securesFirst() {
        var machine = connected(secures: true)
        guard case .close = machine.responseReceived(correlationID: 0, now: start) else {
            Issue.record("an answer was taken before the handshake was over")
            return
        }
        let asked = machine.setUp(now: start) { $0.secured() }
        #expect(asked == .sendAPIVersions(version: 4, correlationID: 0))
        let again = machine.setUp(now: start) { $0.secured() }
        #expect(again == .close(reason: "a second TLS handshake"))
    }

    @Test("a setup that takes too long says what it lacks")
    func lacking() {
        var machine = connected(secures: true)
        let late = start + .seconds(60)
        guard case .setup(let securing) = machine.expired(now: late, maximumIdle: .seconds(9)) else {
            Issue.record("it may take for ever")
            return
        }
        #expect(securing == .tls)
        _ = machine.setUp(now: start) { $0.secured() }
        _ = machine.setUp(now: start) { $0.versionsReceived(response, now: start) }
        #expect(machine.expired(now: late, maximumIdle: .seconds(9)) == .setup(.login))
        let end = machine.disconnected(now: late, backoff: backoff)
        #expect(end.login == " of alice (PLAIN)" && !end.wasSecuring)
    }

    @Test("a login without an end lets requests through for good")
    func endless() {
        var machine = ready(lifetime: 0)
        let open = machine.isOpen(now: start + .hours(48))
        #expect(open == true)
        #expect(machine.expired(now: start + .hours(48), maximumIdle: .nanoseconds(-1)) == nil)
        let begun = machine.beginRelogin(login, timeout: .seconds(30), now: start + .hours(48))
        #expect(begun == nil)
    }

    @Test("another login is due before the session ends, lets nothing past it, and opens the connection again")
    func relogin() {
        var machine = ready(lifetime: 10_000)
        let produce = machine.requestSent(.test(.produce), now: start + .seconds(1))
        #expect(produce == 3)
        let due = start + .milliseconds(8500)
        #expect(machine.isOpen(now: due - .nanoseconds(1)) == true)
        #expect(machine.nextExpiry(maximumIdle: .nanoseconds(-1)) == due)
        #expect(machine.isOpen(now: due) == false)
        #expect(machine.expired(now: due, maximumIdle: .nanoseconds(-1)) == .session(isUsed: true))
        let first = machine.beginRelogin(login, timeout: .seconds(30), now: due)
        #expect(first == .sendHandshake(.plain, version: 1))
        let twice = machine.beginRelogin(login, timeout: .seconds(30), now: due)
        #expect(twice == nil && machine.isOpen(now: due) == false)
        #expect(machine.expired(now: due + .seconds(30), maximumIdle: .nanoseconds(-1)) == .relogin)
        let begin = machine.relogin(now: due, random: 0) { $0.handshakeAnswered(SaslHandshakeResponse()) }
        #expect(begin == .begin)
        _ = machine.relogin(now: due, random: 0) { $0.tokenMade(Secret("t")) }
        let answer = SaslAuthenticateResponse(sessionLifetimeMs: 20_000)
        _ = machine.relogin(now: due, random: 0) { $0.authenticateAnswered(answer) }
        let done = machine.relogin(now: due, random: 0) { $0.mechanismEnded() }
        #expect(done == .done(sessionLifetimeMs: 20_000))
        #expect(machine.isOpen(now: due) == true)
        #expect(machine.sessionDue == due + .seconds(17))
        // What was sent before is still in line.
        #expect(machine.inFlightCount == 1)
    }

    /// A SaslHandshake that stood in line behind large requests reaches the broker late; the next one must not come too early.
    @Test("the second between two logins counts from the answer to the first one's SaslHandshake")
    func interval() {
        var machine = ready(lifetime: 10_000)
        let due = start + .milliseconds(8500)
        _ = machine.beginRelogin(login, timeout: .seconds(30), now: due)
        let answered = due + .milliseconds(700)
        _ = machine.relogin(now: answered, random: 0) { $0.handshakeAnswered(SaslHandshakeResponse()) }
        _ = machine.relogin(now: answered, random: 0) { $0.tokenMade(Secret("t")) }
        let answer = SaslAuthenticateResponse(sessionLifetimeMs: 1000)
        _ = machine.relogin(now: answered, random: 0) { $0.authenticateAnswered(answer) }
        _ = machine.relogin(now: answered, random: 0) { $0.mechanismEnded() }
        #expect(machine.sessionDue == answered + .seconds(1))
        #expect(machine.isOpen(now: answered + .milliseconds(849)) == true)
        #expect(machine.isOpen(now: answered + .milliseconds(851)) == false)
    }

    @Test("a connection that nobody used since its login ends with it")
    func unused() {
        let machine = ready(lifetime: 10_000)
        let due = start + .milliseconds(8500)
        #expect(machine.expired(now: due, maximumIdle: .nanoseconds(-1)) == .session(isUsed: false))
    }
}
