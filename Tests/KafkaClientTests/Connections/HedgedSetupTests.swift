// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaClient

/// The second attempt beside one that stays silent.
@Suite("HedgedSetup")
struct HedgedSetupTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let timeout = ExponentialBackoff(initial: .seconds(30), maximum: .seconds(30))

    /// A connection of which the first attempt is on its way.
    private func connecting() -> BrokerConnection {
        let address = BrokerAddress(nodeID: 1, host: "h", port: 1)
        let connection = BrokerConnection(node: 1, address: address, hedgeDelay: .seconds(1))
        connection.machine.connectRequested(now: start, setupTimeout: timeout)
        _ = connection.beginAttempt(1, now: start)
        return connection
    }

    @Test("it is due once for each attempt, after the delay, and not any more once the attempt has ended")
    func due() {
        var setup = HedgedSetup(delay: .seconds(1))
        let beforeAll = setup.takeDue(now: start + .hours(1))
        setup.attemptBegan(now: start)
        #expect(!beforeAll && setup.dueAt == start + .seconds(1))
        let taken = [999, 1000, 9000].map { setup.takeDue(now: start + .milliseconds($0)) }
        #expect(taken == [false, true, false] && setup.dueAt == nil)
        setup.attemptBegan(now: start + .seconds(30))
        setup.attemptEnded()
        let afterEnd = setup.takeDue(now: start + .hours(1))
        #expect(!afterEnd && setup.dueAt == nil)
    }

    @Test("it has the deadline of the first one, and there is none beside what is down or ready")
    func deadline() {
        let connection = connecting()
        let id = connection.beginHedge(2)
        #expect(id == BrokerConnection.ID(node: 1, attempt: 2))
        #expect(connection.id == BrokerConnection.ID(node: 1, attempt: 1))
        #expect(connection.promoteHedge() == nil)
        #expect(connection.id == id)
        let expiry = connection.machine.nextExpiry(maximumIdle: .zero)
        #expect(expiry == start + .seconds(30))
        _ = connection.machine.connected(.plain)
        _ = connection.machine.versionsReceived(ApiVersionsResponse(), now: start)
        #expect(connection.beginHedge(3) == nil && connection.machine.isReady)
        _ = connection.machine.disconnected(now: start, backoff: timeout)
        #expect(connection.beginHedge(4) == nil)
    }

    @Test("the one that answers is kept; the other's channel is handed out to be closed and counted, once")
    func winner() throws {
        let (first, second) = (EmbeddedChannel(), EmbeddedChannel())
        let connection = connecting()
        connection.opened(first)
        _ = connection.machine.connected(.plain)
        let hedge = try #require(connection.beginHedge(2))
        #expect(connection.isHedge(hedge) && connection.channelCount == 1)
        let action = connection.hedgeOpened(second, .plain)
        #expect(action == .sendAPIVersions(version: 4, correlationID: 0))
        #expect(connection.channelCount == 2)
        #expect(connection.promoteHedge() === first)
        #expect(connection.channel === second && connection.channelCount == 1 && !connection.isHedge(hedge))
        #expect(connection.endHedge() == nil)
        #expect(connection.ended().count == 1)
    }

    @Test("when the first one answers, or both come to an end, no channel is forgotten")
    func losers() {
        for isEnd in [false, true] {
            let (first, second) = (EmbeddedChannel(), EmbeddedChannel())
            let connection = connecting()
            connection.opened(first)
            _ = connection.beginHedge(2)
            _ = connection.hedgeOpened(second, .plain)
            if isEnd {
                #expect(connection.ended().count == 2)
            } else {
                #expect(connection.endHedge() === second)
                #expect(connection.channel === first)
            }
            #expect(connection.setup.dueAt == nil && connection.hedge == nil)
        }
    }
}
