// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Metadata: asking for it, taking it in, and finding the cluster again from the beginning.
extension Sender {
    func nextMetadataRequest(now: NIODeadline) -> NIODeadline? {
        let rebootstrap = nextRebootstrap
        guard let next = metadata.nextRequest() else { return rebootstrap }
        // Due, but no broker takes it now: wait for the first one that may be tried again.
        let request = next > now ? next : nextNodeRetry(now: now)
        return rebootstrap.map { min($0, request) } ?? request
    }

    /// When a broker that is down or throttled may be tried again; a connection that comes up is seen without this.
    func nextNodeRetry(now: NIODeadline) -> NIODeadline {
        let waits = cluster.brokers.keys.compactMap { node in
            connections[node].flatMap { $0.machine.retryAt ?? $0.throttledUntil }
        }
        return waits.filter { $0 > now }.min() ?? now + .milliseconds(100)
    }

    /// When no answer for `metadata.recovery.rebootstrap.trigger.ms` makes the producer begin again.
    private var nextRebootstrap: NIODeadline? {
        guard configuration.metadataRecoveryStrategy == .rebootstrap else { return nil }
        return metadata.wantedSince.map { $0 + TimeAmount(configuration.metadataRebootstrapTrigger) }
    }

    func maintainMetadata(now: NIODeadline) {
        if let due = nextRebootstrap, due <= now { rebootstrap(leavingConnections: true, now: now) }
        guard let scope = metadata.requestDue(now: now) else { return }
        guard let connection = leastLoadedNode(now: now) else {
            // All known brokers were tried in vain and wait for another try. Those of the beginning may be others.
            if isEveryBrokerLost, !cluster.isBootstrap { rebootstrap(leavingConnections: false, now: now) }
            return
        }
        guard connect(connection, now: now), let version = connection.machine.versions?.version(of: .metadata) else {
            return
        }
        let request = MetadataRequest(
            // Without topics only brokers are asked for; version 0 has no way to say that and gets all topics.
            topics: scope.topics.map { MetadataRequest.Topic(name: $0) },
            allowAutoTopicCreation: true
        )
        metadata.requestSent()
        submit(request, version: version, purpose: .metadata(scope), to: connection, now: now)
    }

    /// Begins again from `bootstrap.servers`, if `metadata.recovery.strategy` says so (KIP-899, KIP-1102).
    ///
    /// - Parameters:
    ///   - leavingConnections: whether brokers that are still connected are left, since they have not told, or said that
    ///     they cannot tell, where the cluster is now. What is in flight there is sent again.
    ///   - now: the time.
    private func rebootstrap(leavingConnections: Bool, now: NIODeadline) {
        guard configuration.metadataRecoveryStrategy == .rebootstrap else { return }
        cluster.rebootstrap(bootstrap)
        metadata.rebootstrapped(now: now)
        refreshLeaders()
        if !isRebootstrapTold {
            isRebootstrapTold = true
            tell(.rebootstrapping)
        }
        guard leavingConnections else { return }
        for connection in Array(connections.values) where connection.machine.isConnectingOrConnected {
            close(connection, reason: "bootstrap.servers are asked again")
        }
    }

    func handle(
        _ response: MetadataResponse,
        scope: MetadataRequestScope,
        on connection: BrokerConnection,
        now: NIODeadline
    ) {
        if response.errorCode == .rebootstrapRequired {
            metadata.requestFailed(now: now)
            return rebootstrap(leavingConnections: true, now: now)
        }
        guard response.brokers.contains(where: { BrokerAddress.ports.contains(Int($0.port)) }) else {
            return metadata.requestFailed(now: now)
        }
        let isNews = cluster.merge(response)
        dropUnknownConnections()
        var isComplete = true
        for topic in response.topics {
            guard let name = topic.name else { continue }
            if topic.errorCode == .none {
                topicErrors[name] = nil
                publish(name)
                if topic.partitions.contains(where: { $0.leaderID < 0 }) { isComplete = false }
            } else {
                if topicErrors[name] != topic.errorCode { tell(.topicUnavailable(topic: name, topic.errorCode)) }
                topicErrors[name] = topic.errorCode
                isComplete = false
            }
        }
        metadata.responseReceived(scope, isComplete: isComplete, isNews: isNews, now: now)
        refreshLeaders()
        resumeTopicWaiters()
        // A partition that somebody waits for may be added any time.
        if !topicWaiters.isEmpty { metadata.requestUpdate() }
    }

    /// Passes a topic's partitions on to those who append.
    private func publish(_ name: String) {
        guard let topic = cluster.topics[name] else { return }
        let replaced = accumulator.update(
            topic: name,
            partitionCount: Int32(topic.partitions.count),
            available: topic.available,
            incarnation: topic.incarnation
        )
        if !replaced.isEmpty { retire(replaced, ofTopic: name) }
    }

    /// Ends connections to bootstrap addresses and to brokers that left the cluster, once nothing is in flight there.
    private func dropUnknownConnections() {
        for (node, connection) in connections where cluster.brokers[node] == nil {
            guard connection.machine.inFlightCount == 0 else { continue }
            connections[node] = nil
            end(connection, now: .now())
        }
    }

    // MARK: waiting for topics

    /// Waits until a topic, and a partition of it, is known.
    func waitForTopic(_ topic: String, partition: Int32?, timeout: Duration) async throws(ProducerError) {
        let result = await withCheckedContinuation { (continuation: TopicWaiter.Continuation) in
            guard !isClosing else { return continuation.resume(returning: .failure(.closedProducer)) }
            let now = NIODeadline.now()
            let deadline = now + TimeAmount(timeout)
            // What the cluster refused before it may allow now.
            if let error = topicErrors[topic], isFinal(error) { topicErrors[topic] = nil }
            topicWaiters.append(
                TopicWaiter(topic: topic, partition: partition, deadline: deadline, continuation: continuation)
            )
            metadata.use(topic, now: now)
            resumeTopicWaiters()
            if areTopicWaitsOver { interruptTopicWaits() }
            if !topicWaiters.isEmpty { metadata.requestUpdate() }
            run()
        }
        return try result.get()
    }

    func resumeTopicWaiters() {
        var remaining: [TopicWaiter] = []
        for waiter in topicWaiters {
            if let result = result(for: waiter) {
                waiter.continuation.resume(returning: result)
            } else {
                remaining.append(waiter)
            }
        }
        topicWaiters = remaining
    }

    private func result(for waiter: TopicWaiter) -> Result<Void, ProducerError>? {
        if let error = topicErrors[waiter.topic], isFinal(error) {
            return .failure(ProducerError(.broker(error), topic: waiter.topic, message: advice(on: error)))
        }
        if cluster.isBootstrap, let objection = inspection.objection(to: bootstrap) {
            return .failure(ProducerError(.noBrokerReachable, message: objection))
        }
        guard let topic = cluster.topics[waiter.topic], topicErrors[waiter.topic] == nil,
            Int32(topic.partitions.count) > max(0, waiter.partition ?? 0)
        else {
            return nil
        }
        return .success(())
    }

    /// Whether asking again cannot help.
    private func isFinal(_ error: ErrorCode) -> Bool { !error.isRetriable }

    func expireTopicWaiters(now: NIODeadline) {
        let expired = topicWaiters.filter { $0.deadline <= now }
        guard !expired.isEmpty else { return }
        topicWaiters.removeAll { $0.deadline <= now }
        for waiter in expired { waiter.continuation.resume(returning: .failure(timeout(of: waiter))) }
    }

    /// Ends the waits for topics, now and for good.
    func interruptTopicWaits() {
        areTopicWaitsOver = true
        let interrupted = topicWaiters
        topicWaiters = []
        for waiter in interrupted {
            waiter.continuation.resume(returning: .failure(ProducerError(.interrupted, message: absence(of: waiter))))
        }
    }

    /// What a wait that ends early was for.
    private func absence(of waiter: TopicWaiter) -> String {
        let name = waiter.topic
        if cluster.isBootstrap, !hasEverConnected || lastConnectionFailure != nil {
            return "no broker was reached yet" + (lastConnectionFailure.map { " (\($0.address): \($0.reason))" } ?? "")
        }
        if let error = topicErrors[name] { return "topic \(name) is not there (\(error.name))" }
        guard let topic = cluster.topics[name] else { return "the brokers have told nothing of topic \(name) yet" }
        let partition = waiter.partition ?? 0
        return "topic \(name) has no partition \(partition); it has \(topic.partitions.count)"
    }

    private func timeout(of waiter: TopicWaiter) -> ProducerError {
        let limit = configuration.maxBlock.milliseconds
        if cluster.isBootstrap, !hasEverConnected || lastConnectionFailure != nil {
            let servers = bootstrap.map(\.description).joined(separator: ", ")
            let reason = lastConnectionFailure.map { "\($0.address): \($0.reason)" } ?? "no answer"
            return ProducerError(
                .noBrokerReachable,
                message: "no broker of \(servers) could be reached within max.block.ms=\(limit) (\(reason)); "
                    + "check bootstrap.servers and that the broker runs"
            )
        }
        if let partition = waiter.partition, let topic = cluster.topics[waiter.topic] {
            return ProducerError(
                .unknownPartition,
                topic: waiter.topic,
                partition: partition,
                message: "Partition \(partition) of topic \(waiter.topic) with partition count "
                    + "\(topic.partitions.count) is not present in metadata after \(limit) ms."
            )
        }
        let cause = topicErrors[waiter.topic]
        return ProducerError(
            cause.map { .broker($0) } ?? .timedOut,
            topic: waiter.topic,
            message: "Topic \(waiter.topic) not present in metadata after \(limit) ms."
                + (cause.map { " \($0.name): \(advice(on: $0))" } ?? "")
        )
    }
}
