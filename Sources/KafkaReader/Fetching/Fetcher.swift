// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import Logging
import NIOCore

/// What a reader does on its event loop: it passes over those who wait for every event, and wakes itself when something is
/// due. An actor whose executor is the loop. Nothing of a partition is here while no caller waits for its records.
actor Fetcher {
    nonisolated let eventLoop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe eventLoop.executor.asUnownedSerialExecutor()
    }

    private let configuration: ReaderConfiguration
    private let client: ClusterClient
    private let metrics = UncountedMetrics()
    private let reads: PartitionReads
    private let counts: PartitionCounts
    private let logger: Logger

    private var lastTicket: WaitTicket = 0
    private var hasBegun = false
    private var isClosed = false
    private var isPassing = false
    private var isPassWanted = false
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?

    init(_ configuration: ReaderConfiguration, connector: (any Connector)?, eventLoop: any EventLoop, logger: Logger) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.logger = logger
        client = ClusterClient(
            settings: configuration.client,
            connector: connector,
            eventLoop: eventLoop,
            metrics: metrics,
            logger: logger
        )
        reads = PartitionReads(configuration, client)
        counts = PartitionCounts(client)
    }

    // MARK: the pass

    /// Passes over everything, then sleeps until something is due. What happens within a pass makes another one follow, not a
    /// deeper one.
    private func run() {
        isPassWanted = true
        guard !isPassing, !isClosed else { return }
        isPassing = true
        while isPassWanted {
            isPassWanted = false
            pass(now: eventLoop.now)
        }
        isPassing = false
    }

    private func pass(now: NIODeadline) {
        client.pass(now: now)
        var next = EarliestDeadline(reads.pass(now: now))
        next.consider(counts.pass(now: now))
        // The waits may have asked for metadata.
        client.pass(now: now)
        next.consider(client.nextPass(now: now))
        arm(next.value, now: now)
    }

    private func arm(_ next: NIODeadline?, now: NIODeadline) {
        guard let next else { return cancelTimer() }
        if let timer, timer.deadline <= next { return }
        timer?.task.cancel()
        let deadline = max(next, now + .microseconds(100))
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            assumeIsolated { fetcher in
                fetcher.timer = nil
                fetcher.run()
            }
        }
        timer = (task, next)
    }

    private func cancelTimer() {
        timer?.task.cancel()
        timer = nil
    }

    // MARK: waiting

    /// Waits for the next records of a partition.
    func next(_ machine: PartitionReadMachine) async -> ReadOutcome {
        let ticket = begin()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<ReadOutcome, Never>) in
                let wait = ReadWait(ticket, machine) { continuation.resume(returning: $0) }
                guard !isClosed else { return wait.giveUp(.closed, Self.closedText) }
                reads.add(wait)
                run()
            }
        } onCancel: {
            cancelSoon(ticket)
        }
    }

    /// Waits until it is known how many partitions a topic has.
    func partitionCount(of topic: String) async -> Result<Int, ReaderError> {
        let ticket = begin()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Int, ReaderError>, Never>) in
                let patience = Patience(ReadLimits(configuration))
                let wait = CountWait(ticket, topic: topic, patience: patience) { continuation.resume(returning: $0) }
                guard !isClosed else { return wait.giveUp(.closed, Self.closedText) }
                counts.add(wait)
                run()
            }
        } onCancel: {
            cancelSoon(ticket)
        }
    }

    private static let closedText = "the reader is closed"

    private func begin() -> WaitTicket {
        lastTicket += 1
        if !hasBegun, !isClosed {
            hasBegun = true
            client.begin(observer: self, bootstrap: configuration.client.bootstrap)
        }
        return lastTicket
    }

    private nonisolated func cancelSoon(_ ticket: WaitTicket) {
        eventLoop.execute { [self] in
            assumeIsolated { fetcher in
                fetcher.reads.giveUp(ticket, .cancelled, "the wait for records was cancelled")
                fetcher.counts.giveUp(ticket, .cancelled, "the wait was cancelled")
            }
        }
    }

    // MARK: the end

    /// Ends all connections and all waits.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        cancelTimer()
        reads.giveUp(nil, .closed, Self.closedText)
        counts.giveUp(nil, .closed, Self.closedText)
        client.close()
    }

    /// The same for a reader that is not held any more.
    nonisolated func closeSoon() {
        eventLoop.execute { [self] in assumeIsolated { $0.close() } }
    }
}

// MARK: the client

extension Fetcher: ClientObserver {
    nonisolated func clientHasNews() { assumeIsolated { $0.run() } }

    nonisolated func clientHasAnswers() { clientHasNews() }

    // A request waits for the answer to the one before, not for its writing.
    nonisolated func clientHasRoom() {}

    // The news follows when all was read.
    nonisolated func clientLearned(topic: String) {}

    nonisolated func clientDid(_ event: ClientEvent) {
        assumeIsolated { fetcher in
            fetcher.logger.debug("cluster", metadata: ["event": "\(event)"])
            fetcher.configuration.onEvent?(event)
        }
    }
}

/// Counts nothing: a reader has no metrics.
private final class UncountedMetrics: ClientMetrics {
    func connectionOpened(now: NIODeadline) {}
    func connectionClosed(now: NIODeadline) {}
    func requestSent(to node: Int32, bytes: Int, now: NIODeadline) {}
    func responseReceived(from node: Int32, bytes: Int, now: NIODeadline) {}
    func throttled(milliseconds: Int32, now: NIODeadline) {}
}
