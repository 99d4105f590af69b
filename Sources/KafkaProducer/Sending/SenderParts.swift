// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import Logging
import NIOCore

/// What a sender is to do, and whom it reports to.
struct SenderPlan: Sendable {
    let configuration: ProducerConfiguration
    var failurePolicy = FailurePolicy.continue
    var observer: (any ProducerObserver)?
    let counters: ProducerCounters
    let logger: Logger
    /// TLS and login.
    var security = ClientSecurity()
    /// Makes connections; `nil` for TCP.
    var connector: (any Connector)?
    /// With what the sequences of partitions begin.
    var initialSequences = PartitionSequences()
    /// Tells threads whether a transaction is open.
    var transactionGate = TransactionGate()
}

/// What the parts of a sender share. Belongs to the sender's event loop.
struct SenderParts {
    let configuration: ProducerConfiguration
    let failurePolicy: FailurePolicy
    let accumulator: RecordAccumulator
    let counters: ProducerCounters
    let observer: (any ProducerObserver)?
    let metrics: SenderMetrics
    let client: ClusterClient
    let table: PartitionTable
    let transactionGate: TransactionGate
    /// The rack in which partitions are preferred; `nil` for no preference.
    let rack: String?

    init(_ plan: SenderPlan, eventLoop: any EventLoop, accumulator: RecordAccumulator) {
        configuration = plan.configuration
        failurePolicy = plan.failurePolicy
        self.accumulator = accumulator
        counters = plan.counters
        observer = plan.observer
        metrics = SenderMetrics(ProducerMetrics(MetricSampling(configuration), now: eventLoop.now))
        client = ClusterClient(
            settings: ClientSettings(configuration, security: plan.security),
            connector: plan.connector,
            eventLoop: eventLoop,
            metrics: metrics,
            logger: plan.logger
        )
        table = PartitionTable(counters: counters, initialSequences: plan.initialSequences)
        table.isTransactional = plan.configuration.transactionalID != nil
        transactionGate = plan.transactionGate
        rack = configuration.isPartitionerRackAware ? configuration.clientRack : nil
    }

    /// All metrics at this moment.
    func snapshot(waits: WaitMetrics.Counts, now: NIODeadline) -> MetricsSnapshot {
        var gauges = MetricsSnapshot.Gauges()
        gauges.clientID = configuration.clientID
        for connection in client.connections.all {
            gauges.requestsInFlight += connection.inFlightCount
            gauges.connections += connection.channelCount
        }
        gauges.metadataAge = client.lastUpdate.map { now - $0 }
        gauges.waitingThreads = accumulator.pool.waiterCount
        gauges.bufferTotal = accumulator.pool.capacity
        gauges.bufferAvailable = accumulator.pool.available
        return MetricsSnapshot(metrics.counts, waits: waits, gauges: gauges, now: now)
    }

    /// Where the time went, as far as the event loop and the workers know.
    func profile(now: NIODeadline) -> LoadProfile {
        var profile = LoadProfile()
        profile.codecBusy = accumulator.sealer.busyTime
        profile.workers = accumulator.sealer.workerCount
        profile.inFlightFull = metrics.counts.situations.time(in: .inFlightFull, now: now)
        profile.partitionsFull = metrics.counts.situations.time(in: .partitionsFull, now: now)
        profile.shortestRoundTrip = metrics.counts.roundTrips.shortest
        profile.meanRoundTrip = metrics.counts.roundTrips.mean
        profile.batchesSent = metrics.counts.batchesSent
        profile.batchBytesSent = metrics.counts.batchBytesSent
        profile.partitionsInFlight = table.mostFlying
        profile.throttled = metrics.counts.situations.time(in: .throttled, now: now)
        profile.unreachable = metrics.counts.situations.time(in: .unreachable, now: now)
        return profile
    }
}

extension ClientSettings {
    /// What a producer's settings say about connections, requests and metadata.
    init(_ configuration: ProducerConfiguration, security: ClientSecurity = ClientSecurity()) {
        self.init(
            bootstrap: configuration.bootstrapServers.map {
                BrokerAddress(nodeID: nil, host: $0.host, port: $0.port)
            },
            software: (ClientSoftware.name, ClientSoftware.version)
        )
        clientID = configuration.clientID
        requestTimeout = configuration.requestTimeout
        setupTimeout = configuration.connectionSetupTimeout
        setupTimeoutMax = configuration.connectionSetupTimeoutMax
        hedgeDelay = configuration.connectionHedgeDelay
        reconnectBackoff = configuration.reconnectBackoff
        reconnectBackoffMax = configuration.reconnectBackoffMax
        retryBackoff = configuration.retryBackoff
        retryBackoffMax = configuration.retryBackoffMax
        maximumIdle = configuration.connectionsMaxIdle
        sendBufferBytes = configuration.sendBufferBytes
        receiveBufferBytes = configuration.receiveBufferBytes
        metadataMaxAge = configuration.metadataMaxAge
        metadataMaxIdle = configuration.metadataMaxIdle
        mayRebootstrap = configuration.metadataRecoveryStrategy == .rebootstrap
        rebootstrapTrigger = configuration.metadataRebootstrapTrigger
        self.security = security
    }
}
