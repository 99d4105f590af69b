// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// That a load went as fast as so many batches or requests a round trip are, and what would make it faster.
struct PathLimit: Equatable, Sendable {
    /// What may be in flight no more than so often.
    enum Unit: Equatable, Sendable {
        case batchesOfPartition
        case requestsOfConnection
    }

    /// What would make the load faster.
    enum Advice: Equatable, Sendable {
        /// Batches of this size, in bytes.
        case batchSize(Int)
        /// Batches are as large as brokers take them.
        case partitions(Int)
        /// `max.in.flight.requests.per.connection=1` waits for each answer.
        case moreInFlight
    }

    let unit: Unit
    /// How many of them may be in flight.
    let count: Int
    /// The mean size of a batch, in bytes.
    let batchSize: Int
    let roundTrip: Duration
    let advice: Advice

    /// A round trip below this is not the path's: the broker's own work takes about as long.
    private static let shortestPath = Duration.milliseconds(1)

    /// Nil if the path was not the limit: then answers take much longer than the fastest one, since the broker has to do.
    ///
    /// - Parameters:
    ///   - times: Where the time went.
    ///   - waiting: For how many seconds records could not be handed over.
    init?(_ times: LoadLimit.Times, waiting: Double) {
        let profile = times.producer
        guard let shortest = profile.shortestRoundTrip, let mean = profile.meanRoundTrip, profile.batchesSent > 0,
            shortest >= Self.shortestPath, mean <= shortest * 2
        else { return nil }
        unit = profile.partitionsFull >= profile.inFlightFull ? .batchesOfPartition : .requestsOfConnection
        count = unit == .batchesOfPartition ? times.batchesInFlight : times.maxInFlight
        roundTrip = shortest
        batchSize = profile.meanBatchSize
        advice = Self.advice(times, waiting: waiting, roundTrip: shortest / .seconds(1), batchSize: batchSize)
    }

    /// What carries as many bytes as were handed over while that could go on.
    private static func advice(
        _ times: LoadLimit.Times,
        waiting: Double,
        roundTrip: Double,
        batchSize: Int
    ) -> Advice {
        guard times.maxInFlight > 1 else { return .moreInFlight }
        let busy = max(times.elapsed - times.input - waiting, times.cpu, 0.01)
        let needed = Double(times.producer.batchBytesSent) / busy * roundTrip / Double(times.batchesInFlight)
        let partitions = max(1, times.producer.partitionsInFlight)
        let size = Int(min(needed / Double(partitions), Double(ProducerConfiguration.largestBatchThatBrokersTake)))
            .roundedUpToPowerOfTwo
        if !times.growsBatches, size > batchSize { return .batchSize(size) }
        let wanted = (needed / Double(ProducerConfiguration.largestBatchThatBrokersTake)).rounded(.up)
        return .partitions(max(partitions + 1, Int(min(wanted, 10_000))))
    }

    /// The end of a sentence about the load.
    var clause: String {
        let size = "\((batchSize + 512) / 1024) KiB"
        let what =
            switch unit {
            case .batchesOfPartition: "\(count) batch\(count == 1 ? "" : "es") of \(size) in flight per partition"
            case .requestsOfConnection:
                "\(count) request\(count == 1 ? "" : "s") in flight per connection, with batches of \(size),"
            }
        return "\(what) over \(NumberText.duration(roundTrip)): \(advice.text)"
    }
}

extension PathLimit.Advice {
    fileprivate var text: String {
        switch self {
        case .batchSize(let bytes): "raise batch.size to \(bytes), or leave it unset"
        case .partitions(let count): "\(count) partitions would do, or compression (-z lz4)"
        case .moreInFlight: "raise max.in.flight.requests.per.connection, or leave it unset"
        }
    }
}
