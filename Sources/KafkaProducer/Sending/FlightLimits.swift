// SPDX-License-Identifier: Apache-2.0

/// How much may be unanswered at a time.
///
/// Where `max.in.flight.requests.per.connection` was set, it holds as in Java. Otherwise a partition has five batches of any size
/// unanswered, as many as a broker remembers of an idempotent producer (KIP-185), and a connection five requests. More of both
/// are sent only when each is worth it, so that a long path is filled: large batches, large requests. Small batches rather grow.
/// `PartitionSequences` finds out what became of more batches than a broker remembers.
struct FlightLimits {
    /// How many batches of one partition may be unanswered, whatever their size.
    let batchesPerPartition: Int
    /// How many may be, if they are large.
    let largeBatchesPerPartition: Int
    /// How many requests of any size may be unanswered on one connection.
    let requestsPerConnection: Int
    /// What makes another one worth it, in bytes; `nil` where there are to be none.
    private let largeRequest: Int?
    /// `batch.size`.
    private let batchSize: Int
    /// Whether batches grow beyond `batch.size` while they wait.
    private let growsBatches: Bool
    /// From how many bytes on a batch is large, before compression.
    fileprivate static let largeBatch = 262_144

    init(_ configuration: ProducerConfiguration) {
        requestsPerConnection = configuration.maxInFlightRequestsPerConnection
        // Without idempotence there is nothing that more batches in flight would take away.
        let isBounded = configuration.isIdempotenceEnabled || !configuration.limitsRequestsByPartition
        batchesPerPartition = isBounded ? configuration.maxInFlightRequestsPerConnection : .max
        // In a transaction one that is refused is the transaction's end, so that there is nothing to find out.
        let isWide = configuration.limitsRequestsByPartition && configuration.transactionalID == nil
        largeBatchesPerPartition = isWide ? max(batchesPerPartition, 32) : batchesPerPartition
        growsBatches = configuration.growsBatches
        batchSize = configuration.batchSize
        // Bytes that are ready are known as they were when they last doubled.
        largeRequest = configuration.limitsRequestsByPartition ? configuration.maxRequestSize / 2 : nil
    }

    /// Whether another batch of a partition may be sent.
    ///
    /// - Parameters:
    ///   - unanswered: How many of the partition's batches are.
    ///   - size: The batch's bytes before compression; `nil` for one that is still open.
    ///   - isFlushed: Whether it is not expected to grow.
    /// - Returns: The answer.
    func takesBatch(behind unanswered: Int, size: Int?, isFlushed: Bool) -> Bool {
        guard unanswered >= batchesPerPartition else { return true }
        guard unanswered < largeBatchesPerPartition else { return false }
        return (size ?? 0) >= Self.largeBatch || isFlushed && growsBatches
    }

    /// How many requests may be unanswered on a connection before another one is sent.
    ///
    /// - Parameters:
    ///   - bytes: About how many bytes are ready for the broker.
    ///   - batches: In how many batches these are.
    ///   - hurry: Why nothing lingers. What is flushed is not expected to grow, so that there is nothing to wait for.
    /// - Returns: The number.
    func requests(readyBytes bytes: Int, inBatches batches: Int, _ hurry: Hurry) -> Int {
        guard let largeRequest else { return requestsPerConnection }
        let isLarge = bytes >= largeRequest && bytes / max(1, batches) >= batchSize
        return isLarge || hurry == .flush ? .max : requestsPerConnection
    }
}

extension ProducerConfiguration {
    /// How many batches of so many bytes one partition may have unanswered, if idempotence or a setting limits them.
    package func batchesInFlight(ofSize bytes: Int) -> Int {
        let limits = FlightLimits(self)
        let most = bytes >= FlightLimits.largeBatch ? limits.largeBatchesPerPartition : limits.batchesPerPartition
        return most == .max ? maxInFlightRequestsPerConnection : most
    }
}
