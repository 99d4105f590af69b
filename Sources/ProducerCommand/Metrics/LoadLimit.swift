// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What a load could not have gone faster than, by where its time went.
enum LoadLimit: Equatable, Sendable {
    case input
    /// The thread that takes records out of the input.
    case reader
    case codec
    case memory
    case inFlightLimit
    /// The path to the brokers, which what may be in flight does not fill.
    case path(PathLimit)
    case broker
    case throttle
    case unreachable
    /// The rate that was asked for.
    case rate
    /// The thread that makes the records of a measurement.
    case generator
    /// That thread, or the one that reads, had work but no core to do it on.
    case cores

    /// Where the time of the thread that hands records over went, in seconds, beside what the producer knows.
    struct Times: Equatable, Sendable {
        /// From the first record on.
        var elapsed: Double
        /// Waiting for the input.
        var input: Double
        /// The CPU time of this thread.
        var cpu: Double
        var producer: LoadProfile
        /// `max.in.flight.requests.per.connection`.
        var maxInFlight: Int
        /// How many batches, as large as those that were sent, one partition may have unanswered.
        var batchesInFlight: Int
        /// Whether batches grow beyond `batch.size`, which was not set then.
        var growsBatches = true
    }

    /// A shorter load shows nothing: starting is most of it.
    static let shortest = 1.0

    /// What held the load up most, or nil for a load too short to show it.
    init?(_ times: Times) {
        guard times.elapsed >= Self.shortest else { return nil }
        let profile = times.producer
        let (memory, answers) = (profile.memoryWait / .seconds(1), profile.flushWait / .seconds(1))
        let waiting = memory + answers
        let busy = max(0, times.elapsed - times.input - waiting)
        if times.input >= max(waiting, busy) {
            self = .input
        } else if busy > waiting {
            self = times.cpu < busy / 2 ? .cores : .reader
        } else {
            self = Self.behindTheReader(times, waiting: waiting, memory: memory)
        }
    }

    /// Why the reader had to wait.
    private static func behindTheReader(_ times: Times, waiting: Double, memory: Double) -> Self {
        let profile = times.producer
        func isMostOfIt(_ time: Duration) -> Bool { time / .seconds(1) >= waiting / 2 }
        if isMostOfIt(profile.throttled) { return .throttle }
        if isMostOfIt(profile.unreachable) { return .unreachable }
        let capacity = times.elapsed * Double(profile.workers)
        if profile.workers > 0, profile.codecBusy / .seconds(1) >= 0.7 * capacity { return .codec }
        if isMostOfIt(profile.inFlightFull + profile.partitionsFull) {
            if let path = PathLimit(times, waiting: waiting) { return .path(path) }
            return times.maxInFlight == 1 ? .inFlightLimit : .broker
        }
        return memory > waiting / 2 ? .memory : .broker
    }

    /// The end of a sentence about the load.
    var clause: String {
        switch self {
        case .input: "limited by the input"
        case .reader: "limited by the reading thread's CPU"
        case .codec: "limited by the codec's CPU"
        case .memory: "limited by buffer.memory"
        case .inFlightLimit: "limited by max.in.flight.requests.per.connection=1"
        case .path(let limit): "limited by \(limit.clause)"
        case .broker: "limited by the broker"
        case .throttle: "limited by the broker's throttling"
        case .unreachable: "limited by a missing leader or connection"
        case .rate: "limited by the rate asked for"
        case .cores: "limited by the CPU of this machine"
        case .generator: "limited by the generating thread's CPU"
        }
    }
}

extension LoadLimit.Times {
    /// - Parameters:
    ///   - elapsed: From the first record on, in seconds.
    ///   - input: Waiting for the input, in seconds.
    ///   - cpu: The CPU time of the thread that hands records over, in seconds.
    ///   - producer: What the producer knows.
    ///   - configuration: The producer's settings.
    init(elapsed: Double, input: Double, cpu: Double, producer: LoadProfile, _ configuration: ProducerConfiguration) {
        self.init(
            elapsed: elapsed,
            input: input,
            cpu: cpu,
            producer: producer,
            maxInFlight: configuration.maxInFlightRequestsPerConnection,
            batchesInFlight: configuration.batchesInFlight(ofSize: producer.meanBatchSize),
            growsBatches: configuration.growsBatches
        )
    }

    /// The figures behind the verdict, for `-v`.
    var description: String {
        func seconds(_ duration: Duration) -> String { NumberText.seconds(duration / .seconds(1)) }
        var parts = [
            "CPU \(NumberText.seconds(cpu)) s", "input \(NumberText.seconds(input)) s",
            "buffer.memory \(seconds(producer.memoryWait)) s",
            "last answers \(seconds(producer.flushWait)) s",
        ]
        if producer.workers > 0, elapsed > 0 {
            let share = producer.codecBusy / .seconds(1) / (elapsed * Double(producer.workers))
            parts.append("\(producer.workers) codec workers busy \(NumberText.fixed(share * 100, digits: 0))%")
        }
        parts.append("all requests in flight \(seconds(producer.inFlightFull)) s")
        if producer.partitionsFull > .zero {
            parts.append("all batches of partitions in flight \(seconds(producer.partitionsFull)) s")
        }
        if let shortest = producer.shortestRoundTrip, let mean = producer.meanRoundTrip {
            parts.append("round trip \(NumberText.duration(shortest)), on average \(NumberText.duration(mean))")
        }
        if producer.throttled > .zero { parts.append("throttled \(seconds(producer.throttled)) s") }
        if producer.unreachable > .zero {
            parts.append("no leader or connection \(seconds(producer.unreachable)) s")
        }
        return "time in \(NumberText.seconds(elapsed)) s: " + parts.joined(separator: ", ")
    }
}
