// SPDX-License-Identifier: Apache-2.0
import KafkaClient
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

    /// - Parameters:
    ///   - configuration: The settings.
    ///   - sequences: With what the sequences of partitions begin.
    /// - Throws: What the wait for topic `t` ends with.
    init(_ configuration: ProducerConfiguration, sequences: PartitionSequences = PartitionSequences()) async throws {
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
        var plan = SenderPlan(
            configuration: configuration,
            observer: observer,
            counters: ProducerCounters(),
            logger: .silent
        )
        plan.initialSequences = sequences
        let sender = Sender(plan, eventLoop: eventLoop, accumulator: accumulator, signal: signal)
        self.sender = sender
        signal.set { sender.assumeIsolated { $0.wake() } }
        await sender.begin(bootstrap: ClientSettings(configuration).bootstrap)
        try await sender.waitForTopic("t", partition: 0, timeout: maxBlock)
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
