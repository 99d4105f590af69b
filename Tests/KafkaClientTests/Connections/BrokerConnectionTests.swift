// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOEmbedded
import Testing

#if os(Linux)
    import Glibc
#endif

@testable import KafkaClient

/// When a connection takes another produce request.
@Suite("BrokerConnection")
struct BrokerConnectionTests {
    private let now = NIODeadline.uptimeNanoseconds(1_000_000)

    private func ready() -> BrokerConnection {
        let connection = BrokerConnection(
            node: 1,
            address: BrokerAddress(nodeID: 1, host: "h", port: 1),
            hedgeDelay: .seconds(1)
        )
        let setup = ExponentialBackoff(initial: .seconds(1), maximum: .seconds(1))
        connection.machine.connectRequested(now: now, setupTimeout: setup)
        _ = connection.machine.connected(.plain)
        _ = connection.machine.versionsReceived(ApiVersionsResponse(), now: now)
        return connection
    }

    @Test("not beyond the limit, not before the one before it is written out, and not in a pause")
    func hasRoom() {
        let connection = ready()
        #expect(connection.hasRoom(now: now, maxInFlight: 1))
        let request = InFlightRequest.test(.produce, deadline: now)
        _ = connection.machine.requestSent(request, now: now)
        #expect(!connection.hasRoom(now: now, maxInFlight: 1) && connection.hasRoom(now: now, maxInFlight: 2))
        connection.machine.whenReady { $0.isWriting = true }
        #expect(!connection.hasRoom(now: now, maxInFlight: 2))
        connection.machine.whenReady { $0.isWriting = false }
        #expect(connection.throttle(milliseconds: 1, now: now) == .milliseconds(1))
        #expect(connection.throttle(milliseconds: 0, now: now) == nil)
        #expect(!connection.hasRoom(now: now, maxInFlight: 2))
        #expect(connection.hasRoom(now: now + .milliseconds(1), maxInFlight: 2))
    }

    @Test("one that is writing is busier than any that is not")
    func load() {
        let (writing, busy) = (ready(), ready())
        writing.machine.whenReady { $0.isWriting = true }
        let request = InFlightRequest.test(.produce, deadline: now)
        for _ in 0..<5 { _ = busy.machine.requestSent(request, now: now) }
        #expect(busy.load < writing.load)
    }

    #if os(Linux)
        /// Answers came 40 ms late from brokers that do not set TCP_NODELAY when several requests were in flight.
        @Test("a read is acknowledged at once while answers are owed, and else with the next request")
        func acknowledgesReads() {
            let (idle, owed) = (ready(), ready())
            let (idleChannel, owedChannel) = (EmbeddedChannel(), EmbeddedChannel())
            idle.opened(idleChannel)
            owed.opened(owedChannel)
            let request = InFlightRequest.test(.produce, deadline: now)
            _ = owed.machine.requestSent(request, now: now)
            for connection in [idle, owed] { connection.acknowledgeRead() }
            #expect(idleChannel.options.isEmpty)
            let option = owedChannel.options.first?.option as? ChannelOptions.Types.SocketOption
            #expect(option == ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_QUICKACK)))
            #expect(owedChannel.options.first?.value as? SocketOptionValue == 1)
        }
    #endif
}
