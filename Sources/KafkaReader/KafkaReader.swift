// SPDX-License-Identifier: Apache-2.0
package import KafkaClient
public import Logging
package import NIOCore
import NIOPosix

/// Reads partitions of a cluster's topics, each from one offset to another. There are no consumer groups.
///
///     let reader = try KafkaReader(ReaderConfiguration(bootstrap: brokers))
///     for partition in 0..<(try await reader.partitionCount(of: "orders")) {
///         for try await records in try reader.read("orders", partition: Int32(partition)) { … }
///     }
///     await reader.close()
///
/// All partitions share the connections. Call ``close()`` when nothing is to be read any more; a reader that is not held any
/// more closes itself.
public final class KafkaReader: Sendable {
    let fetcher: Fetcher
    private let configuration: ReaderConfiguration

    /// The thread of all readers of this process. It lives as long as the process does, and waits when there is nothing to do.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// A reader that connects when it is first asked for something.
    ///
    /// - Parameters:
    ///   - configuration: How to read.
    ///   - logger: Gets what happens to connections, at level debug.
    /// - Throws: ``ReaderError/Code/configuration`` when a setting is impossible.
    public convenience init(
        _ configuration: ReaderConfiguration,
        logger: Logger = Logger(label: "kafka.reader")
    ) throws(ReaderError) {
        try self.init(configuration, connector: nil, eventLoop: Self.group.next(), logger: logger)
    }

    /// A reader on the caller's event loop, which must outlive it.
    package init(
        _ configuration: ReaderConfiguration,
        connector: (any Connector)?,
        eventLoop: any EventLoop,
        logger: Logger
    ) throws(ReaderError) {
        if let objection = configuration.objection { throw ReaderError(.configuration, objection) }
        self.configuration = configuration
        fetcher = Fetcher(configuration, connector: connector, eventLoop: eventLoop, logger: logger)
    }

    deinit { fetcher.closeSoon() }

    /// How many partitions a topic has.
    ///
    /// - Parameter topic: The topic's name.
    /// - Throws: `ReaderError` when the cluster has no such topic, or cannot be asked.
    /// - Returns: The number; partitions are counted from 0.
    public func partitionCount(of topic: String) async throws(ReaderError) -> Int {
        try await fetcher.partitionCount(of: topic).get()
    }

    /// Prepares to read a partition. Nothing is asked of the cluster before the first call of ``PartitionReader/next()``.
    ///
    /// - Parameters:
    ///   - topic: The topic's name.
    ///   - partition: The partition's number.
    ///   - start: Where to begin. Default: the oldest record.
    ///   - end: Where to end. Default: behind the newest record at the time when reading begins.
    ///   - isolation: Which records to show. Default: all.
    /// - Throws: ``ReaderError/Code/configuration`` for an offset, a timestamp or a partition that is negative.
    /// - Returns: The way to the records.
    public func read(
        _ topic: String,
        partition: Int32,
        from start: ReadStart = .earliest,
        to end: ReadEnd = .latestAtStart,
        isolation: IsolationLevel = .readUncommitted
    ) throws(ReaderError) -> PartitionReader {
        let plan = ReadPlan(
            topic: topic,
            partition: partition,
            start: start,
            end: end,
            isolation: isolation,
            limits: ReadLimits(configuration)
        )
        if let objection = plan.objection { throw ReaderError(.configuration, at: (topic, partition), objection) }
        return PartitionReader(PartitionReadMachine(plan), reader: self)
    }

    /// Ends all connections. A caller that waits for records gets an error, and so does one that asks later.
    public func close() async { await fetcher.close() }
}
