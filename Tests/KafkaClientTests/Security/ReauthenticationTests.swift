// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import KafkaClient

/// When a connection must log in again.
@Suite("Reauthentication")
struct ReauthenticationTests {
    private static let start = NIODeadline.uptimeNanoseconds(5_000_000_000)

    private func session(
        lifetime: Int64,
        took: TimeAmount = .milliseconds(100),
        random: Double = 0
    ) -> Reauthentication? {
        Reauthentication(sessionLifetimeMs: lifetime, began: Self.start, ended: Self.start + took, random: random)
    }

    @Test("without a lifetime there is none", arguments: [0, -1, Int64.min])
    func none(lifetime: Int64) {
        #expect(session(lifetime: lifetime) == nil)
    }

    @Test(
        "it is due after 85 to 95 % of the lifetime, from the end of the login on",
        arguments: [(0.0, Int64(51_100)), (0.5, 54_100), (1, 57_100), (-7, 51_100), (7, 57_100)]
    )
    func due(random: Double, milliseconds: Int64) throws {
        let reauthentication = try #require(session(lifetime: 60_000, random: random))
        let error = reauthentication.due - (Self.start + .milliseconds(milliseconds))
        #expect(abs(error.nanoseconds) <= 1000)
        #expect(reauthentication.end == reauthentication.due)
        #expect(reauthentication.step(now: Self.start + .milliseconds(milliseconds - 1)) == .send)
        #expect(reauthentication.step(now: Self.start + .milliseconds(milliseconds + 1)) == .logIn)
    }

    @Test("a broker is left alone for a second, though the session is over before")
    func shortest() throws {
        let short = try #require(session(lifetime: 500))
        let second = Self.start + .seconds(1)
        #expect(short.step(now: Self.start + .milliseconds(524)) == .send)
        #expect(short.step(now: Self.start + .milliseconds(526)) == .wait(until: second))
        #expect(short.step(now: second) == .logIn)
        let rapid = try #require(session(lifetime: 1000, took: .milliseconds(10)))
        #expect(rapid.due == second)
        #expect(rapid.step(now: second - .nanoseconds(1)) == .wait(until: second))
    }

    @Test("after a long silence there is a login, not a request")
    func late() throws {
        let reauthentication = try #require(session(lifetime: 60_000))
        #expect(reauthentication.step(now: Self.start + .hours(5)) == .logIn)
    }

    @Test("the longest lifetime is no trap")
    func longest() throws {
        let reauthentication = try #require(session(lifetime: .max, random: 1))
        #expect(reauthentication.step(now: Self.start + .hours(24 * 365)) == .send)
    }
}
