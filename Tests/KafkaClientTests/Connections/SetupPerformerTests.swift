// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import KafkaClient

/// A login's news on their way to the log and to the owner, and what is sent for a login.
@Suite("SetupPerformer")
struct SetupPerformerTests {
    /// Logs in by PLAIN, and has its credentials fail when the test says so.
    private final class FailingLogin: ClientLogin {
        let mechanism = SASLMechanismName.plain
        let user: String? = "alice"
        private let observer = Mutex<(@Sendable (LoginNews) -> Void)?>(nil)

        func observe(by observer: @escaping @Sendable (LoginNews) -> Void) { self.observer.withLock { $0 = observer } }

        func tell(_ news: LoginNews) { observer.withLock { $0 }?(news) }

        func begin(host: String) async throws(LoginError) -> any SASLMechanism {
            throw LoginError("nothing", isRetriable: false)
        }
    }

    /// The owner of one connection.
    private final class Owner: SetupOwner, ClientMetrics {
        let connection = BrokerConnection(
            node: 1,
            address: BrokerAddress(nodeID: 1, host: "b", port: 1),
            hedgeDelay: .seconds(1)
        )
        var happened: [String] = []

        func connection(of id: BrokerConnection.ID) -> BrokerConnection? { connection.id == id ? connection : nil }
        func reached(_ step: SetupStep) { happened.append("\(step)") }
        func becameReady(_ connection: BrokerConnection) { happened.append("ready") }
        func loggedInAgain(_ connection: BrokerConnection, now: NIODeadline) { happened.append("again") }
        func loginDid(_ event: ClientEvent) { happened.append("\(event)") }
        func end(_ connection: BrokerConnection, _ end: ConnectionEnd, alsoFailing: [InFlightRequest]) {
            happened.append(end.reason(ConnectionMachine.Disconnection()))
        }
        func throttle(_: BrokerConnection, _: some ThrottledResponse, version: Int16, now: NIODeadline) {}
        func submit<Request: KafkaRequest>(
            _: Request,
            _: InFlightRequest,
            over: BrokerConnection,
            now: NIODeadline
        ) {}

        func connectionOpened(now: NIODeadline) {}
        func connectionClosed(now: NIODeadline) {}
        func requestSent(to node: Int32, bytes: Int, now: NIODeadline) {}
        func responseReceived(from node: Int32, bytes: Int, now: NIODeadline) {}
        func throttled(milliseconds: Int32, now: NIODeadline) {}
    }

    private let login = FailingLogin()
    private let log = RecordingLog()
    private let loop = EmbeddedEventLoop()
    private let owner = Owner()

    private func performer() -> SetupPerformer {
        var settings = ClientSettings(bootstrap: [], software: ("test", "1"))
        settings.security.login = login
        let performer = SetupPerformer(settings, on: loop, metrics: owner, logger: log.logger)
        performer.begin(for: owner)
        performer.observeLogin()
        return performer
    }

    @Test(
        "a refresh that fails is a warning each time, with its reason and the next attempt, and the owner hears of it"
    )
    func refreshFails() {
        let performer = performer()
        for _ in 0..<2 {
            login.tell(.refreshFailed(reason: "token endpoint https://id/token: 503", retryIn: .seconds(10)))
        }
        login.tell(.refreshed)
        // Whoever finds out is on another thread.
        #expect(log.lines.isEmpty)
        loop.run()
        let warning =
            "warning the login could not be refreshed reason=token endpoint https://id/token: 503 retryInMs=10000"
        #expect(log.lines == [warning, warning, "info the login is refreshed again"])
        #expect(owner.happened.count == 3)

        performer.close()
        login.tell(.refreshed)
        loop.run()
        #expect(log.lines.count == 3)
    }

    @Test("that a login has succeeded is reported once, when the connection is ready")
    func loggedInOnce() {
        let performer = performer()
        let (channel, connection) = (EmbeddedChannel(loop: loop), owner.connection)
        connection.opened(channel)
        performer.perform(
            .becomeReady(firstCorrelationID: 4, sessionLifetimeMs: 5000),
            on: connection,
            channel,
            now: loop.now
        )
        #expect(owner.happened == ["loggedIn(sessionLifetimeMs: 5000)", "ready"])
        performer.perform(
            .becomeReady(firstCorrelationID: 1, sessionLifetimeMs: nil),
            on: connection,
            channel,
            now: loop.now
        )
        #expect(owner.happened.last == "ready" && owner.happened.count == 3)
    }

    @Test("the handshake asks for the mechanism that the login is by")
    func handshake() throws {
        let performer = performer()
        let (channel, connection) = (EmbeddedChannel(loop: loop), owner.connection)
        performer.perform(
            .login(.sendHandshake(.scramSHA512, version: 1), correlationID: 1),
            on: connection,
            channel,
            now: loop.now
        )
        var frame = try #require(try channel.readOutbound(as: ByteBuffer.self))
        let text = frame.readString(length: frame.readableBytes) ?? ""
        #expect(text.hasSuffix("SCRAM-SHA-512"))
    }
}
