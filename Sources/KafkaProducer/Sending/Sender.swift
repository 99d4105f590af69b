// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore
import NIOPosix

/// Everything behind the accumulator, on one event loop: which broker leads what, who is ready, what goes into the next
/// request, what a response means.
///
/// An actor whose executor is the loop: no locks, no races, and channel handlers enter without a hop.
actor Sender {
    nonisolated let eventLoop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe eventLoop.executor.asUnownedSerialExecutor()
    }

    let configuration: ProducerConfiguration
    let failurePolicy: FailurePolicy
    let accumulator: RecordAccumulator
    let signal: SenderSignal
    let observer: (any ProducerObserver)?
    let counters: ProducerCounters
    var metrics: ProducerMetrics
    let logger: Logger

    var bootstrap: [BrokerAddress]
    var cluster: ClusterMetadata
    var clusterVersion = -1
    var metadata: MetadataUpdater
    var connections: [Int32: BrokerConnection] = [:]
    /// Attempts to connect that were begun, to any broker.
    var attempts = 0
    var identity: ProducerIdentity
    var identityRetryAt: NIODeadline = .uptimeNanoseconds(0)
    var identityFailures = 0
    /// Whether the cluster refused to give an id for a reason that stays; asked again when there is something to send.
    var isIdentityRefused = false

    var partitions: [PartitionSending] = []
    /// Indices of partitions whose queues may hold something.
    var active: [Int] = []
    /// The lists of the last look, kept for their memory.
    var leaderLooks: [LeaderLook] = []
    /// The partitions of each topic that were ever used.
    var indicesByTopic: [String: [Int]] = [:]
    var publishedLoads: [String: PartitionLoad] = [:]
    /// Topics that were deleted and made again, while the queues of the old one still have something.
    var replacements: [String: TopicReplacement] = [:]
    var topicWaiters: [TopicWaiter] = []
    /// Whether nobody is to wait for a topic any more.
    var areTopicWaitsOver = false
    var topicErrors: [String: ErrorCode] = [:]
    var flushes = 0
    var isClosing = false
    var isClosed = false
    /// When a broker has answered anything, and whether batches have run out of time since.
    var silence: (since: NIODeadline, hasExpired: Bool) = (.now(), false)
    /// Why no broker could be connected to, last time one was tried; `nil` once one was.
    var lastConnectionFailure: (address: BrokerAddress, reason: String)?
    var hasEverConnected = false
    /// Which addresses are no brokers' plain-text listeners.
    var inspection = ListenerInspection()
    var isRebootstrapTold = false
    /// Whether it looks at everything just now.
    private(set) var isLooking = false
    private var isLookWanted = false
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?

    let retryBackoff: ExponentialBackoff
    let reconnectBackoff: ExponentialBackoff
    let setupTimeout: ExponentialBackoff
    let linger: TimeAmount
    let maximumIdle: TimeAmount

    init(
        configuration: ProducerConfiguration,
        failurePolicy: FailurePolicy,
        eventLoop: any EventLoop,
        accumulator: RecordAccumulator,
        signal: SenderSignal,
        observer: (any ProducerObserver)?,
        counters: ProducerCounters,
        logger: Logger
    ) {
        self.configuration = configuration
        self.failurePolicy = failurePolicy
        self.eventLoop = eventLoop
        self.accumulator = accumulator
        self.signal = signal
        self.observer = observer
        self.counters = counters
        metrics = ProducerMetrics(MetricSampling(configuration), now: .now())
        self.logger = logger
        bootstrap = configuration.bootstrapServers.map { BrokerAddress(nodeID: nil, host: $0.host, port: $0.port) }
        cluster = ClusterMetadata(bootstrap: bootstrap)
        retryBackoff = ExponentialBackoff(
            initial: configuration.retryBackoff,
            maximum: configuration.retryBackoffMax
        )
        reconnectBackoff = ExponentialBackoff(
            initial: configuration.reconnectBackoff,
            maximum: configuration.reconnectBackoffMax
        )
        setupTimeout = ExponentialBackoff(
            initial: configuration.connectionSetupTimeout,
            maximum: configuration.connectionSetupTimeoutMax
        )
        linger = TimeAmount(configuration.linger)
        maximumIdle = configuration.connectionsMaxIdle.map { TimeAmount($0) } ?? .nanoseconds(-1)
        metadata = MetadataUpdater(
            maximumAge: configuration.metadataMaxAge,
            maximumIdle: configuration.metadataMaxIdle,
            backoff: retryBackoff
        )
        identity = ProducerIdentity(isEnabled: configuration.isIdempotenceEnabled)
    }

    /// Looks at everything: what ran out of time, what must be asked, what can be sent; then sleeps until the next of
    /// these. Called for every event; cheap when there is nothing to do.
    ///
    /// What happens while it looks, such as a request that is written at once, makes it look again, not deeper.
    func run() {
        isLookWanted = true
        guard !isLooking else { return }
        isLooking = true
        while isLookWanted {
            isLookWanted = false
            look()
        }
        isLooking = false
    }

    private func look() {
        signal.beganRun()
        // What workers had in their hands when the producer was closed comes back now.
        guard !isClosed else { return failEverything(.closedForcefully) }
        let now = NIODeadline.now()
        adoptNewQueues()
        expireConnections(now: now)
        hedgeConnections(now: now)
        expireTopicWaiters(now: now)
        expireBatches(now: now)
        maintainMetadata(now: now)
        settleReplacements()
        resolveSequences()
        maintainIdentity(now: now)
        refreshLeaders()
        failBatchesOfRefusedTopics()
        let nextLook = sendReadyBatches(now: now)
        noteSituation(now: now)
        arm(nextLook, now: now)
    }

    // MARK: the timer

    private func arm(_ nextLook: NIODeadline?, now: NIODeadline) {
        var earliest = nextLook
        func consider(_ deadline: NIODeadline?) {
            guard let deadline else { return }
            earliest = earliest.map { min($0, deadline) } ?? deadline
        }
        consider(nextConnectionExpiry())
        for waiter in topicWaiters { consider(waiter.deadline) }
        consider(nextMetadataRequest(now: now))
        consider(nextIdentityRequest(now: now))
        consider(nextBatchExpiry())
        guard let deadline = earliest else {
            timer?.task.cancel()
            timer = nil
            return
        }
        if deadline <= now + linger, linger > .zero { signal.setTimer() }
        // A timer that is too early costs a look; setting it anew after every batch costs more.
        if let timer, timer.deadline <= deadline { return }
        timer?.task.cancel()
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: max(deadline, now + .microseconds(100))) {
            [self] in
            assumeIsolated { sender in
                sender.timer = nil
                sender.run()
            }
        }
        timer = (task, deadline)
    }

    func cancelTimer() {
        timer?.task.cancel()
        timer = nil
    }

    // MARK: partitions

    func adoptNewQueues() {
        for queue in accumulator.takeNewlyListed() {
            register(queue)
            activate(queue.index)
            metadata.use(queue.topic, now: .now())
        }
    }

    func register(_ queue: PartitionQueue) {
        guard queue.index >= partitions.count || partitions[queue.index].queue !== queue else { return }
        clusterVersion = -1
        // Queues get their indices when they are made, and come here when they are first used.
        while partitions.count <= queue.index { partitions.append(PartitionSending(queue: queue)) }
        partitions[queue.index] = PartitionSending(queue: queue)
        indicesByTopic[queue.topic, default: []].append(queue.index)
    }

    func activate(_ index: Int) {
        guard !partitions[index].isActive else { return }
        partitions[index].isActive = true
        active.append(index)
    }

    /// Renews every partition's leader after a change of metadata.
    func refreshLeaders() {
        guard clusterVersion != cluster.version else { return }
        clusterVersion = cluster.version
        for index in partitions.indices {
            let queue = partitions[index].queue
            let known = partitions[index].isRetired ? nil : cluster.partition(queue.partition, of: queue.topic)
            let isSame =
                partitions[index].leader == known?.leader && partitions[index].leaderEpoch == known?.leaderEpoch
            if !isSame { partitions[index].provenLeader = nil }
            partitions[index].leader = known?.leader
            partitions[index].leaderEpoch = known?.leaderEpoch ?? -1
            if known?.leader != nil { partitions[index].isLeaderMissTold = false }
        }
    }

    func tell(_ event: ProducerEvent) {
        observer?.occurred(event)
    }
}

/// Somebody who waits until a topic, or one of its partitions, is known.
struct TopicWaiter {
    let topic: String
    let partition: Int32?
    let deadline: NIODeadline
    typealias Continuation = CheckedContinuation<Result<Void, ProducerError>, Never>

    let continuation: Continuation
}
