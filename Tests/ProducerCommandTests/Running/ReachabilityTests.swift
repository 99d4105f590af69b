// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer
import KafkaProtocol
import Testing

@testable import ProducerCommand

@Suite("What a person who waits is told")
struct ReachabilityTests {
    private let bootstrap = BrokerAddress(nodeID: nil, host: "a", port: 1)
    private let broker = BrokerAddress(nodeID: 7, host: "a", port: 1)

    private func reachability() -> Reachability {
        Reachability(grace: 1, patienceAtStart: "60 s (max.block.ms)", patienceLater: "120 s (delivery.timeout.ms)")
    }

    private func unreachable(_ address: BrokerAddress, _ reason: String) -> ProducerEvent {
        .brokerUnreachable(address, reason: reason, retryIn: .milliseconds(50))
    }

    @Test("a broker that stays away is told once, with the last reason and how long it is tried")
    func staysAway() {
        var reachability = reachability()
        #expect(reachability.occurred(unreachable(bootstrap, "no route"), at: 0.1) == nil)
        #expect(reachability.overdueWarnings(at: 1) == [])
        #expect(reachability.occurred(unreachable(bootstrap, "refused"), at: 1) == nil)
        #expect(
            reachability.overdueWarnings(at: 1.2) == ["cannot reach a:1: refused; trying for up to 60 s (max.block.ms)"]
        )
        #expect(reachability.occurred(unreachable(bootstrap, "refused"), at: 3) == nil)
        #expect(reachability.overdueWarnings(at: 9) == [])
        #expect(!reachability.hasConnected)
    }

    @Test("an address that only the cluster names, and nobody has reached, is called advertised")
    func advertised() {
        let named = BrokerAddress(nodeID: 7, host: "internal", port: 2)
        var reachability = reachability()
        _ = reachability.occurred(.brokerConnected(bootstrap), at: 0)
        _ = reachability.occurred(unreachable(named, "host name could not be resolved"), at: 1)
        #expect(
            reachability.overdueWarnings(at: 3) == [
                "cannot reach internal:2: host name could not be resolved; the broker advertises that address, which cannot be "
                    + "reached from here: see its advertised.listeners; records wait for up to 120 s (delivery.timeout.ms)"
            ]
        )
        // One that was reached, and went away, is another matter.
        _ = reachability.occurred(.brokerConnected(named), at: 4)
        _ = reachability.occurred(unreachable(named, "refused"), at: 5)
        #expect(reachability.overdueWarnings(at: 7).first?.contains("advertise") == false)
    }

    @Test("a broker that comes back soon is not worth a line; one that was told is told again when it is back")
    func comesBack() {
        var reachability = reachability()
        _ = reachability.occurred(unreachable(broker, "refused"), at: 0)
        #expect(reachability.occurred(.brokerConnected(broker), at: 0.5) == nil)
        #expect(reachability.overdueWarnings(at: 5) == [])
        _ = reachability.occurred(unreachable(broker, "refused"), at: 6)
        #expect(
            reachability.overdueWarnings(at: 8)
                == ["cannot reach a:1: refused; records wait for up to 120 s (delivery.timeout.ms)"]
        )
        #expect(reachability.occurred(.brokerConnected(broker), at: 9) == "connected to a:1 (id 7)")
        _ = reachability.occurred(unreachable(broker, "refused"), at: 10)
        #expect(reachability.overdueWarnings(at: 12).count == 1)
    }

    @Test("a login that cannot be refreshed is told at once, and again for another reason; its end only if it was told")
    func login() {
        var reachability = reachability()
        func failed(_ reason: String) -> ProducerEvent { .loginRefreshFailed(reason: reason, retryIn: .seconds(10)) }
        #expect(reachability.occurred(failed("503"), at: 0) == nil)
        let line = "the login could not be refreshed: 503; next attempt in 10000 ms"
        #expect(reachability.overdueWarnings(at: 0) == [line])
        #expect(reachability.occurred(failed("503"), at: 10) == nil)
        #expect(reachability.overdueWarnings(at: 10) == [])
        _ = reachability.occurred(failed("401"), at: 20)
        #expect(reachability.overdueWarnings(at: 20) == [line.replacing("503", with: "401")])
        #expect(reachability.occurred(.loginRefreshed, at: 30) == "the login is refreshed again")
        _ = reachability.occurred(failed("401"), at: 40)
        #expect(reachability.occurred(.loginRefreshed, at: 40) == nil)
        #expect(reachability.overdueWarnings(at: 40) == [])
    }

    @Test("a topic that is not there is told with its error")
    func topic() {
        var reachability = reachability()
        _ = reachability.occurred(.topicUnavailable(topic: "t", .leaderNotAvailable), at: 0)
        #expect(
            reachability.overdueWarnings(at: 1)
                == ["topic t is not there yet (LEADER_NOT_AVAILABLE); waiting for up to 60 s (max.block.ms)"]
        )
        #expect(reachability.overdueWarnings(at: 2) == [])
    }

    @Test("a server that is no broker's plain-text listener is told once, though it can be connected to")
    func mismatch() {
        var reachability = reachability()
        _ = reachability.occurred(unreachable(bootstrap, "it looks like TLS"), at: 0)
        _ = reachability.occurred(.listenerMismatch(bootstrap, .tls), at: 0)
        _ = reachability.occurred(.brokerConnected(bootstrap), at: 0.1)
        _ = reachability.occurred(unreachable(bootstrap, "it looks like TLS"), at: 0.2)
        #expect(reachability.overdueWarnings(at: 0.5) == [])
        #expect(reachability.overdueWarnings(at: 1) == ["a:1 \(ListenerMismatch.tls)"])
        #expect(reachability.hasReportedAbsence)
        #expect(reachability.overdueWarnings(at: 9) == [])
    }

    @Test("for a broker that the cluster names so, it is told how long records wait")
    func mismatchOfBroker() {
        var reachability = reachability()
        _ = reachability.occurred(.listenerMismatch(broker, .login), at: 0)
        let lines = reachability.overdueWarnings(at: 1)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("a:1 (id 7) looks like a SASL listener") == true)
        #expect(lines.first?.hasSuffix("; records wait for up to 120 s (delivery.timeout.ms)") == true)
    }

    @Test(
        "of one that was never reached, and is known from the cluster alone, it is told that the cluster advertises it"
    )
    func mismatchOfAdvertised() {
        var reachability = reachability()
        _ = reachability.occurred(.brokerConnected(bootstrap), at: 0)
        let elsewhere = BrokerAddress(nodeID: 7, host: "b", port: 1)
        _ = reachability.occurred(.listenerMismatch(elsewhere, .login), at: 0)
        let words = "; the broker advertises that address: see its advertised.listeners; records wait"
        #expect(reachability.overdueWarnings(at: 1).first?.contains(words) == true)
    }
}
