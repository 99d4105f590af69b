// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import KafkaRecords
import NIOCore

/// Pushes the producer's metrics to brokers that ask for them (KIP-714), on the sender's event loop.
final class TelemetryReporter {
    private var machine: TelemetryMachine
    private let client: ClusterClient
    private let payload: TelemetryPayload
    private let metrics: (NIODeadline) -> [ProducerMetric]
    private let milliseconds: () -> Int64
    /// What sums were when they were pushed last, by name and tags, for a cluster that wants differences.
    private var former: [String: Double] = [:]
    /// When sums were pushed last, or began, in milliseconds since 1970.
    private var start: Int64
    private var jitter: any RandomNumberGenerator
    private var waiters: [() -> Void] = []

    /// - Parameters:
    ///   - configuration: The settings.
    ///   - client: Who asks and pushes.
    ///   - jitter: Chance.
    ///   - milliseconds: The time since 1970.
    ///   - metrics: All metrics at a moment.
    init(
        _ configuration: ProducerConfiguration,
        client: ClusterClient,
        jitter: any RandomNumberGenerator = SystemRandomNumberGenerator(),
        milliseconds: @escaping () -> Int64 = { currentMilliseconds() },
        metrics: @escaping (NIODeadline) -> [ProducerMetric]
    ) {
        machine = TelemetryMachine(
            isEnabled: configuration.pushesMetrics,
            retryBackoff: TimeAmount(clamping: configuration.retryBackoff)
        )
        self.client = client
        var resource: [(name: String, value: String)] = []
        if let id = configuration.transactionalID { resource.append(("transactional_id", id)) }
        if !configuration.clientRack.isEmpty { resource.append(("client_rack", configuration.clientRack)) }
        payload = TelemetryPayload(resource: resource)
        self.metrics = metrics
        self.jitter = jitter
        self.milliseconds = milliseconds
        start = milliseconds()
    }

    /// Asks or pushes, if that is due and a broker is there.
    func pass(now: NIODeadline) {
        guard machine.isDue(now: now) else { return }
        // No connection is made for it: records make them.
        guard let connection = client.readyNode(now: now) else { return }
        guard let versions = connection.versions, versions.version(of: GetTelemetrySubscriptionsRequest.self) != nil,
            versions.version(of: PushTelemetryRequest.self) != nil
        else {
            machine.unsupported(now: now)
            return wakeIfEnded()
        }
        switch machine.next(now: now) {
        case .ask(let instance): ask(instance, connection, now: now)
        case .push(let subscription, let isLast): push(subscription, isLast: isLast, connection, now: now)
        case nil: break
        }
    }

    /// When the next request is due, if nothing happens before.
    func nextPass(now: NIODeadline) -> NIODeadline? {
        // One that is due waits for a broker, which is seen without a timer.
        machine.nextAction.flatMap { $0 > now ? $0 : nil }
    }

    private func ask(_ instance: TopicID, _ connection: BrokerConnection, now: NIODeadline) {
        let request = GetTelemetrySubscriptionsRequest(clientInstanceID: instance)
        client.connections.send(request, over: connection, now: now) { [unowned self] result, times in
            let before = machine.subscription
            switch result {
            case .success(let response):
                let chance = Double.random(in: 0...1, using: &jitter)
                machine.received(response, jitter: chance, now: times.endedAt)
            case .failure: machine.unanswered(now: times.endedAt)
            }
            if before?.isDelta != machine.subscription?.isDelta { former = [:] }
            wakeIfEnded()
        }
    }

    private func push(
        _ subscription: TelemetrySubscription,
        isLast: Bool,
        _ connection: BrokerConnection,
        now: NIODeadline
    ) {
        var wanted = metrics(now).filter { subscription.wants($0) }
        let time = milliseconds()
        let sums = wanted.filter(\.isSum)
        if subscription.isDelta {
            for index in wanted.indices where wanted[index].isSum {
                wanted[index].value -= former[wanted[index].description] ?? 0
            }
        }
        let bytes = payload.bytes(of: wanted, isDelta: subscription.isDelta, .init(now: time, start: start))
        let (codec, body) = TelemetryPayload.compressed(bytes, for: subscription.acceptedCodecs)
        guard subscription.maximumBytes <= 0 || body.readableBytes <= subscription.maximumBytes else {
            machine.skipped(now: now)
            return wakeIfEnded()
        }
        if subscription.isDelta {
            for sum in sums { former[sum.description] = sum.value }
            start = time
        }
        let request = PushTelemetryRequest(
            clientInstanceID: subscription.instance,
            subscriptionID: subscription.id,
            terminating: isLast,
            compressionType: codec.rawValue,
            metrics: body
        )
        client.connections.send(request, over: connection, now: now) { [unowned self] result, times in
            switch result {
            case .success(let response): machine.received(response, now: times.endedAt)
            case .failure: machine.unanswered(now: times.endedAt)
            }
            wakeIfEnded()
        }
    }

    // MARK: the end

    /// Whether closing pushes something.
    var hasLastPush: Bool { machine.hasLastPush }

    /// Pushes for the last time, if a broker has asked for metrics.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - completion: Called once, when that is done, was refused, or cannot be.
    func close(now: NIODeadline, _ completion: @escaping () -> Void) {
        machine.close(now: now)
        waiters.append(completion)
        pass(now: now)
        // Without a broker that is there, nobody would take it.
        if machine.isDue(now: now) { machine.end() }
        wakeIfEnded()
    }

    /// Waits no longer.
    func end() {
        machine.end()
        wakeIfEnded()
    }

    private func wakeIfEnded() {
        guard machine.hasEnded else { return }
        let woken = waiters
        waiters = []
        for waiter in woken { waiter() }
    }
}
