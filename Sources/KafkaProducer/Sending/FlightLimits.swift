// SPDX-License-Identifier: Apache-2.0

/// How much may be unanswered at a time.
///
/// Where `max.in.flight.requests.per.connection` was set, it holds as in Java. Otherwise what idempotence needs holds, five
/// batches of a partition (KIP-185), and a connection takes five requests of any size. More of them are sent only when each
/// is worth it, a large request of batches that have their size, so that a long path is filled. Small batches rather grow.
struct FlightLimits {
    /// How many batches of one partition may be unanswered.
    let batchesPerPartition: Int
    /// How many requests of any size may be unanswered on one connection.
    let requestsPerConnection: Int
    /// What makes another one worth it, in bytes; `nil` where there are to be none.
    private let largeRequest: Int?
    /// `batch.size`.
    private let batchSize: Int

    init(_ configuration: ProducerConfiguration) {
        requestsPerConnection = configuration.maxInFlightRequestsPerConnection
        // Without idempotence there is nothing that more batches in flight would take away.
        let isBounded = configuration.isIdempotenceEnabled || !configuration.limitsRequestsByPartition
        batchesPerPartition = isBounded ? configuration.maxInFlightRequestsPerConnection : .max
        batchSize = configuration.batchSize
        // Bytes that are ready are known as they were when they last doubled.
        largeRequest = configuration.limitsRequestsByPartition ? configuration.maxRequestSize / 2 : nil
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
