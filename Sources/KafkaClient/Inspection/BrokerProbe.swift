// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol
import Logging
package import NIOCore
import NIOPosix

/// Tries one address the way a client would, layer by layer, and keeps what it sees. An actor whose executor is the loop.
package actor BrokerProbe {
    nonisolated let eventLoop: any EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe eventLoop.executor.asUnownedSerialExecutor()
    }

    private static let roundTrips = 3

    private let plan: InspectionPlan
    let address: BrokerAddress
    private let connections: BrokerConnections
    private let watch = ProbeWatch()
    private let metrics = UncountedProbe()
    private var facts: BrokerFacts
    private var timer: Scheduled<Void>?

    package init(_ address: BrokerAddress, _ plan: InspectionPlan, on eventLoop: any EventLoop) {
        self.plan = plan
        self.address = address
        self.eventLoop = eventLoop
        facts = BrokerFacts(address)
        let settings = plan.settings(for: address)
        connections = BrokerConnections(
            settings: settings,
            connector: TCPConnector(settings),
            eventLoop: eventLoop,
            metrics: metrics,
            logger: Logger(label: "kafka.probe", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    // MARK: the layers

    /// Goes as far as it can. `note` gets what is known after each layer.
    package func inspect(_ note: @Sendable (BrokerFacts) -> Void) async {
        await resolve()
        note(facts)
        if facts.obstacle == nil {
            await knock()
            note(facts)
        }
        if facts.obstacle == nil {
            await connect()
            note(facts)
        }
        if facts.obstacle == nil {
            await measure()
            note(facts)
        }
    }

    /// Ends the connection.
    package func close() {
        timer?.cancel()
        connections.close()
    }

    private func resolve() async {
        let host = ServerName(address.host).address ?? address.host
        facts.isLiteral = (try? SocketAddress(ipAddress: host, port: address.port)) != nil
        let began = eventLoop.now
        switch await TimeLimit.run(plan.limit, { await NameLookup.addresses(of: host) }) {
        case .addresses(let found):
            facts.lookupMilliseconds = (eventLoop.now - began).inMilliseconds
            facts.routes = found.map { BrokerFacts.Route(ip: $0) }
        case .failure(let reason): facts.obstacle = .init(.dns, "\(address.host) cannot be resolved: \(reason)")
        case nil:
            let waited = plan.limit.milliseconds
            facts.obstacle = .init(.dns, "no name server has answered for \(address.host) within \(waited) ms")
        }
    }

    /// Opens and closes a TCP connection to each address behind the name, since clients may take any of them.
    private func knock() async {
        let (limit, port, eventLoop) = (TimeAmount(clamping: plan.limit), address.port, eventLoop)
        facts.routes = await withTaskGroup { group in
            for (index, route) in facts.routes.enumerated() {
                group.addTask { (index, await Self.knock(route.ip, port, limit, eventLoop)) }
            }
            var routes = facts.routes
            for await (index, route) in group { routes[index] = route }
            return routes
        }
        if facts.routes.allSatisfy({ $0.milliseconds == nil }) {
            facts.obstacle = .init(.tcp, facts.routes.first?.reason ?? "no address")
        }
    }

    private static func knock(
        _ ip: String,
        _ port: Int,
        _ limit: TimeAmount,
        _ eventLoop: any EventLoop
    ) async -> BrokerFacts.Route {
        let began = NIODeadline.now()
        do {
            let place = try SocketAddress(ipAddress: ip, port: port)
            let channel = try await ClientBootstrap(group: eventLoop).connectTimeout(limit).connect(to: place).get()
            let milliseconds = (NIODeadline.now() - began).inMilliseconds
            channel.close(promise: nil)
            return BrokerFacts.Route(ip: ip, milliseconds: milliseconds)
        } catch {
            return BrokerFacts.Route(ip: ip, reason: describe(error))
        }
    }

    /// TLS, versions and login, by the client's own machinery.
    private func connect() async {
        connections.observe(by: watch)
        let end = await withCheckedContinuation { (continuation: CheckedContinuation<ProbeWatch.End, Never>) in
            watch.begin(now: eventLoop.now) { continuation.resume(returning: $0) }
            _ = connections.connect(connection, now: eventLoop.now)
            arm()
        }
        watch.note(in: &facts, plan.client.security)
        if case .failed(let failure, let reason) = end {
            facts.obstacle = .init(watch.layer(of: failure, plan.client.security), reason)
        }
    }

    /// How long an answer takes that costs the broker nothing.
    private func measure() async {
        for _ in 0..<Self.roundTrips {
            let began = eventLoop.now
            switch await ask(ApiVersionsRequest(plan.client.software)) {
            case .success: facts.roundTrips.append((eventLoop.now - began).inMilliseconds)
            case .failure(let failure):
                // A listener that wants a login tells its versions before it.
                let isLoginMissing = plan.client.security.login == nil && facts.roundTrips.isEmpty
                facts.obstacle =
                    isLoginMissing && failure.kind == .disconnected
                    ? .init(.sasl, "it \(ListenerMismatch.login)") : .init(.latency, failure.reason)
                return
            }
        }
    }

    // MARK: asking

    private var connection: BrokerConnection {
        connections.connection(to: address.nodeID ?? -1, at: address, now: eventLoop.now)
    }

    /// Asks for something that the broker should answer.
    package func ask<Request: KafkaRequest>(
        _ request: Request
    ) async -> Result<Request.Response, RequestFailure> where Request.Response: ThrottledResponse {
        await withCheckedContinuation { continuation in
            connections.send(request, over: connection, now: eventLoop.now) { result, _ in
                continuation.resume(returning: result)
            }
            arm()
        }
    }

    /// The version of a request in which the broker is asked; nil when there is none in common.
    package func version<Request: KafkaRequest>(of _: Request.Type) -> Int16? {
        connection.versions?.version(of: Request.self)
    }

    /// Has what takes too long ended.
    private func arm() {
        timer?.cancel()
        guard let next = connections.nextExpiry() else { return }
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: max(next, eventLoop.now)) { [weak self] in
            self?.assumeIsolated { probe in
                probe.connections.expire(now: probe.eventLoop.now)
                probe.arm()
            }
        }
    }
}

/// Counts nothing.
private final class UncountedProbe: ClientMetrics {
    func connectionOpened(now: NIODeadline) {}
    func connectionClosed(now: NIODeadline) {}
    func requestSent(to node: Int32, bytes: Int, now: NIODeadline) {}
    func responseReceived(from node: Int32, bytes: Int, now: NIODeadline) {}
    func throttled(milliseconds: Int32, now: NIODeadline) {}
}
