// SPDX-License-Identifier: Apache-2.0

/// What a load did in each stretch of its time, for charts: no more than so many stretches, whatever the load's length.
struct Timeline: Equatable, Sendable {
    /// The counts since the beginning, at one time.
    struct Sample: Equatable, Sendable {
        /// In seconds since the first record.
        var time: Double
        var records: UInt64 = 0
        var bytes: UInt64 = 0
        var batches: UInt64 = 0
        /// Bytes of these batches, as sent.
        var batchBytes: UInt64 = 0
        var requests: UInt64 = 0
        /// Bytes of batches in these requests.
        var requestBytes: UInt64 = 0
    }

    /// One stretch.
    struct Point: Equatable, Sendable {
        /// The stretch's end, in seconds.
        var time: Double
        var recordsPerSecond: Double
        var bytesPerSecond: Double
        /// As sent, in bytes; nil when there was none.
        var batchSize: Double?
        var requestSize: Double?
    }

    let limit: Int
    private(set) var samples = [Sample(time: 0)]
    /// Every so manieth glance is kept.
    private var stride = 1
    private var glances = 0

    init(limit: Int = 240) {
        self.limit = max(4, limit)
    }

    /// Takes a glance. When there are too many, every second one is dropped and from then on every second one is taken.
    mutating func add(_ sample: Sample) {
        glances += 1
        guard glances.isMultiple(of: stride) else { return }
        samples.append(sample)
        guard samples.count > limit else { return }
        samples = samples.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        stride *= 2
    }

    /// Takes the last glance, which is always kept.
    mutating func finish(_ sample: Sample) {
        if let last = samples.last, last.time > 0, sample.time - last.time < shortest { samples.removeLast() }
        samples.append(sample)
    }

    /// A stretch at the end that is much shorter than the others would show nothing but chance.
    private var shortest: Double {
        guard samples.count > 2 else { return 0 }
        return (samples[2].time - samples[1].time) / 2
    }

    var points: [Point] {
        zip(samples, samples.dropFirst()).compactMap { before, after in
            let seconds = after.time - before.time
            guard seconds > 0 else { return nil }
            let (batches, requests) = (after.batches - before.batches, after.requests - before.requests)
            let batchBytes = Double(after.batchBytes - before.batchBytes)
            let requestBytes = Double(after.requestBytes - before.requestBytes)
            return Point(
                time: after.time,
                recordsPerSecond: Double(after.records - before.records) / seconds,
                bytesPerSecond: Double(after.bytes - before.bytes) / seconds,
                batchSize: batches > 0 ? batchBytes / Double(batches) : nil,
                requestSize: requests > 0 ? requestBytes / Double(requests) : nil
            )
        }
    }
}
