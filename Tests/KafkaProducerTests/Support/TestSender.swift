// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore
import NIOPosix

@testable import KafkaProducer

/// A sender with its accumulator but without the producer around it, so that tests reach what it keeps of a partition.
struct TestSender {
    let observer = RecordingObserver()
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let accumulator: RecordAccumulator
    private let signal: SenderSignal
    private let sender: Sender
    private let maxBlock: Duration

    init(_ configuration: ProducerConfiguration) async throws {
        let eventLoop = group.next()
        let signal = SenderSignal(eventLoop: eventLoop)
        self.signal = signal
        maxBlock = configuration.maxBlock
        accumulator = RecordAccumulator(
            limits: RecordAccumulator.Limits(configuration),
            bufferMemory: configuration.bufferMemory,
            workers: 1,
            signal: signal
        )
        let sender = Sender(
            configuration: configuration,
            failurePolicy: .continue,
            eventLoop: eventLoop,
            accumulator: accumulator,
            signal: signal,
            observer: observer,
            counters: ProducerCounters(),
            logger: .silent
        )
        self.sender = sender
        signal.set { sender.assumeIsolated { $0.run() } }
        await sender.begin(bootstrap: configuration.bootstrapServers)
        try await sender.waitForTopic("t", partition: 0, timeout: maxBlock)
    }

    /// Changes what is kept of partition 0 of topic `t` before anything is sent to it.
    func begin(_ change: @escaping @Sendable (inout PartitionSending) -> Void) async throws {
        let queue = accumulator.topic(named: "t").view.queues[0]
        await sender.change(queue, change)
    }

    /// Appends a record to partition 0 of topic `t`.
    func append(_ value: String) {
        let appender = RecordAppender(
            topic: accumulator.topic(named: "t"),
            accumulator: accumulator,
            signal: signal,
            rule: .explicit(0),
            failurePolicy: .continue,
            flush: {}
        )
        appender.append(value)
    }

    /// Ends the sender and its thread.
    func close() async throws {
        await sender.closeEnded()
        accumulator.sealer.close()
        try await group.shutdownGracefully()
        signal.clear()
    }
}

extension Sender {
    /// Takes a queue in before it has anything, and changes what is kept of its partition.
    fileprivate func change(_ queue: PartitionQueue, _ change: (inout PartitionSending) -> Void) {
        accumulator.list(queue)
        adoptNewQueues()
        change(&partitions[queue.index])
    }
}
