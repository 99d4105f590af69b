// SPDX-License-Identifier: Apache-2.0

/// How much may be unanswered at a time.
///
/// Where `max.in.flight.requests.per.connection` was set, it holds as in Java. Otherwise what idempotence needs holds, five
/// batches of a partition (KIP-185), and a connection takes five requests of any size. More of them are sent only when each
/// is worth it, so that a long path is filled and a short one gets no more requests than it needs.
struct FlightLimits {
    /// How many batches of one partition may be unanswered.
    let batchesPerPartition: Int
    /// How many requests of any size may be unanswered on one connection.
    let requestsPerConnection: Int
    /// What makes another one worth it, in bytes; `nil` where there are to be none.
    private let largeRequest: Int?

    init(_ configuration: ProducerConfiguration) {
        requestsPerConnection = configuration.maxInFlightRequestsPerConnection
        batchesPerPartition = configuration.maxInFlightRequestsPerConnection
        // Bytes that are ready are known as they were when they last doubled.
        largeRequest = configuration.limitsRequestsByPartition ? configuration.maxRequestSize / 2 : nil
    }

    /// How many requests may be unanswered on a connection before another one of about so many bytes is sent.
    func requests(readyBytes: Int) -> Int {
        guard let largeRequest, readyBytes >= largeRequest else { return requestsPerConnection }
        return .max
    }
}
