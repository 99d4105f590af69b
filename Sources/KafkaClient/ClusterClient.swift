// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
package import Logging
package import NIOCore

/// A cluster as a client knows it: its brokers and their connections, its topics and who waits for them.
///
/// It belongs to one event loop and does nothing by itself: its owner calls ``pass(now:)`` for every event and at the latest
/// at ``nextPass(now:)``.
package final class ClusterClient {
    package let settings: ClientSettings
    package let connections: BrokerConnections
    package private(set) var cluster: ClusterMetadata
    package private(set) var directory = TopicDirectory()
    /// Changes with each change of ``cluster``.
    package var clusterVersion: Int { cluster.version }
    /// The brokers of the beginning.
    package private(set) var bootstrap: [BrokerAddress]
    private var metadata: MetadataUpdater
    private weak var observer: (any ClientObserver)?
    private let eventLoop: any EventLoop
    private var isRebootstrapReported = false
    /// Whether waits for topics end at once from now on.
    private var areWaitsOver = false

    package init(
        settings: ClientSettings,
        connector: (any Connector)? = nil,
        eventLoop: any EventLoop,
        metrics: any ClientMetrics,
        logger: Logger
    ) {
        self.settings = settings
        self.eventLoop = eventLoop
        bootstrap = settings.bootstrap
        cluster = ClusterMetadata(bootstrap: bootstrap)
        connections = BrokerConnections(
            settings: settings,
            connector: connector ?? TCPConnector(settings),
            eventLoop: eventLoop,
            metrics: metrics,
            logger: logger
        )
        metadata = MetadataUpdater(
            maximumAge: settings.metadataMaxAge,
            maximumIdle: settings.metadataMaxIdle,
            backoff: ExponentialBackoff(initial: settings.retryBackoff, maximum: settings.retryBackoffMax)
        )
    }

    /// Sets the observer, and the brokers to begin with, which a resolver may have found.
    package func begin(observer: any ClientObserver, bootstrap: [BrokerAddress]) {
        self.observer = observer
        self.bootstrap = bootstrap
        cluster.rebootstrap(bootstrap)
        connections.observe(by: self)
    }

    // MARK: the pass

    /// Does what is due: ends what took too long, begins second attempts, wakes those who waited too long, asks for metadata.
    package func pass(now: NIODeadline) {
        connections.expire(now: now)
        connections.hedge(now: now)
        for ended in directory.takeExpired(now: now) { ended.end() }
        maintainMetadata(now: now)
    }

    /// When something is due, if nothing happens before.
    package func nextPass(now: NIODeadline) -> NIODeadline? {
        var earliest = EarliestDeadline(connections.nextExpiry())
        earliest.consider(directory.nextDeadline)
        earliest.consider(nextRebootstrap)
        if let request = metadata.nextRequest() {
            // Due, but no broker takes it now: wait for the first one that may be tried again.
            earliest.consider(request > now ? request : nextNodeRetry(now: now))
        }
        return earliest.value
    }

    /// When a broker that is down or throttled may be tried again, if there is one; a connection that comes up is seen without
    /// this.
    package func nextNodeRetry(now: NIODeadline) -> NIODeadline? {
        var earliest = EarliestDeadline()
        for node in cluster.brokers.keys {
            let retry = connections[node].flatMap { $0.retryAt ?? $0.throttledUntil }
            if let retry, retry > now { earliest.consider(retry) }
        }
        return earliest.value
    }

    /// Ends all connections and all waits for good.
    package func close() {
        connections.close()
        observer = nil
        endWaits()
    }

    /// Ends all waits for topics, since the client closes.
    package func endWaits() {
        for ended in directory.takeAll(.closed) { ended.end() }
    }

    /// Ends all waits for topics, those under way and later ones, for a caller that must stop.
    package func interruptWaits() {
        areWaitsOver = true
        for ended in directory.takeAll(.interrupted) { ended.end() }
    }

    // MARK: nodes

    /// The connection to a node of the cluster; it may still have to be made. Nil for a node that the cluster has not named.
    package func connection(to node: Int32, now: NIODeadline) -> BrokerConnection? {
        cluster.brokers[node].map { connections.connection(to: node, at: $0, now: now) }
    }

    /// The node to ask for things that any broker can tell: the one that is ready and least busy, else one that
    /// connects, else the one that was not tried for longest. One that asked for a pause is not asked. Among equals chance
    /// decides, so that not all clients ask the same one.
    package func leastLoadedNode(now: NIODeadline) -> BrokerConnection? {
        let nodes = cluster.brokers.keys.shuffled().compactMap { connection(to: $0, now: now) }
        let ready = nodes.filter { $0.takesRequests(now: now) }
        if let best = ready.min(by: { $0.load < $1.load }) { return best }
        if let connecting = nodes.first(where: { $0.isConnectingOrConnected && !$0.isReady }) { return connecting }
        return nodes.filter { $0.machine.mayConnect(now: now) }.min { $0.lastAttempt < $1.lastAttempt }
    }

    /// The least busy node that takes requests now; nil if none does. No connection is made.
    package func readyNode(now: NIODeadline) -> BrokerConnection? {
        let ready = cluster.brokers.keys.compactMap { connections[$0] }.filter { $0.takesRequests(now: now) }
        return ready.min { $0.load < $1.load }
    }

    /// Whether every broker of the cluster was tried in vain since it was connected to last, and none is connected to or
    /// about to be. One that has merely closed an idle connection, or begins anew, is not lost.
    private var isEveryBrokerLost: Bool {
        cluster.brokers.keys.allSatisfy { node in
            guard let connection = connections[node] else { return false }
            return !connection.isConnectingOrConnected && connection.failedAttempts > 0
        }
    }

    // MARK: topics

    /// A topic is in use: what is known of it is kept up to date.
    package func use(_ topic: String, now: NIODeadline) { metadata.use(topic, now: now) }

    /// What is known has turned out wrong, or is missing.
    package func requestUpdate() { metadata.requestUpdate() }

    /// When metadata came in last.
    package var lastUpdate: NIODeadline? { metadata.lastSuccess }

    /// Whether an address is known from the cluster alone, and no connection to it was ever ready.
    package func isOnlyAdvertised(_ address: BrokerAddress) -> Bool {
        address.nodeID.flatMap { connections[$0] }.map { !$0.hasBeenReady } ?? false
    }

    /// Takes in a leader that a produce or fetch response named (KIP-951); returns whether it was news.
    @discardableResult
    package func adopt(
        leader: Int32,
        epoch: Int32,
        endpoint: BrokerAddress?,
        topic: String,
        partition: Int32
    ) -> Bool {
        cluster.update(leader: leader, epoch: epoch, endpoint: endpoint, topic: topic, partition: partition)
    }

    /// Waits until a topic, and a partition of it, is known. Follow it with a pass.
    ///
    /// - Returns: the wait's number, for ``forgetWait(_:)``.
    package func wait(_ waiter: TopicDirectory.Waiter, now: NIODeadline) -> Int {
        let number = directory.add(waiter)
        metadata.use(waiter.topic, now: now)
        settleWaits()
        if areWaitsOver { interruptWaits() }
        if !directory.waiters.isEmpty { metadata.requestUpdate() }
        return number
    }

    /// The caller of a wait has gone: the cluster is not asked on for it.
    package func forgetWait(_ number: Int) {
        if let topic = directory.forget(number) { metadata.forget(unknown: topic) }
    }

    private func settleWaits() {
        let objection = connections.history.objection(to: bootstrap)
        for ended in directory.takeSettled(by: cluster, objection: objection) { ended.end() }
    }

    // MARK: metadata

    private func maintainMetadata(now: NIODeadline) {
        if let due = nextRebootstrap, due <= now { rebootstrap(leavingConnections: true, now: now) }
        guard let scope = metadata.requestDue(now: now) else { return }
        guard let connection = leastLoadedNode(now: now) else {
            // All known brokers were tried in vain and wait for another try. Those of the beginning may be others, and are
            // asked at once: nothing else may be to come that would make another pass.
            if isEveryBrokerLost, !cluster.isBootstrap, settings.mayRebootstrap {
                rebootstrap(leavingConnections: false, now: now)
                maintainMetadata(now: now)
            }
            return
        }
        guard connections.connect(connection, now: now) else { return }
        // Without topics only brokers are asked for; version 0 has no way to say that and gets all topics.
        let request = MetadataRequest(
            topics: scope.topics.map { MetadataRequest.Topic(name: $0) },
            allowAutoTopicCreation: settings.allowAutoTopicCreation || !canForbidTopicCreation(connection)
        )
        metadata.requestSent()
        connections.send(request, over: connection, now: now) { [unowned self] result, times in
            switch result {
            case .success(let response): received(response, scope: scope, now: times.endedAt)
            case .failure: metadata.requestFailed(now: times.endedAt)
            }
        }
    }

    /// Whether a broker can be told to make no topics. One that cannot is asked all the same: it knows no other way.
    private func canForbidTopicCreation(_ connection: BrokerConnection) -> Bool {
        let version = connection.versions?.version(of: MetadataRequest.self) ?? 0
        return version >= MetadataRequest.firstCreationVersion
    }

    private func received(_ response: MetadataResponse, scope: MetadataRequestScope, now: NIODeadline) {
        if response.errorCode == .rebootstrapRequired {
            metadata.requestFailed(now: now)
            return rebootstrap(leavingConnections: true, now: now)
        }
        guard response.brokers.contains(where: { BrokerAddress.ports.contains(Int($0.port)) }) else {
            return metadata.requestFailed(now: now)
        }
        let isNews = cluster.merge(response)
        connections.recognize(cluster.brokers)
        connections.drop(where: { cluster.brokers[$0] == nil }, now: now)
        let isComplete = note(response)
        metadata.responseReceived(scope, isComplete: isComplete, isNews: isNews, now: now)
        settleWaits()
        // A partition that a caller waits for may be added any time.
        if !directory.waiters.isEmpty { metadata.requestUpdate() }
    }

    /// Takes note of what the response says of each topic; returns whether nothing is missing.
    private func note(_ response: MetadataResponse) -> Bool {
        var isComplete = true
        for topic in response.topics {
            guard let name = topic.name else { continue }
            if directory.note(topic.errorCode, for: name) {
                observer?.clientDid(.topicUnavailable(topic: name, topic.errorCode))
            }
            if topic.errorCode == .none { observer?.clientLearned(topic: name) }
            let lacksLeader = topic.partitions.contains { $0.leaderID < 0 }
            if topic.errorCode != .none || lacksLeader { isComplete = false }
        }
        return isComplete
    }

    /// When no answer for `metadata.recovery.rebootstrap.trigger.ms` makes the client begin again.
    private var nextRebootstrap: NIODeadline? {
        guard settings.mayRebootstrap else { return nil }
        return metadata.wantedSince.map { $0 + TimeAmount(clamping: settings.rebootstrapTrigger) }
    }

    /// Begins again from `bootstrap.servers`, if `metadata.recovery.strategy` says so (KIP-899, KIP-1102).
    ///
    /// - Parameters:
    ///   - leavingConnections: whether brokers that are still connected are left, since they have not told, or said that
    ///     they cannot tell, where the cluster is now. What is in flight there is sent again.
    ///   - now: the time.
    private func rebootstrap(leavingConnections: Bool, now: NIODeadline) {
        guard settings.mayRebootstrap else { return }
        cluster.rebootstrap(bootstrap)
        metadata.rebootstrapped(now: now)
        if !isRebootstrapReported {
            isRebootstrapReported = true
            observer?.clientDid(.rebootstrapping)
        }
        if leavingConnections { connections.endAll("bootstrap.servers are asked again") }
    }
}

extension ClusterClient: ConnectionsObserver {
    func connectionsHaveNews() { observer?.clientHasNews() }

    func connectionsHaveAnswers() { observer?.clientHasAnswers() }

    func connectionsHaveRoom() { observer?.clientHasRoom() }

    func connectionsLostOne() {
        // The cluster may have changed; a leader that is gone is replaced by another.
        metadata.requestUpdate()
        observer?.clientHasNews()
    }

    func connectionsDid(_ event: ClientEvent) {
        if case .connected = event { isRebootstrapReported = false }
        observer?.clientDid(event)
        if case .listenerMismatch = event { settleWaits() }
    }
}
