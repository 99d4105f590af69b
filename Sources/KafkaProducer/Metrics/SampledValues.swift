// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Recorded values in the samples of the Java client: their average, largest and rate over the last samples, and their
/// sums since the beginning. A value: time comes as an argument.
struct SampledValues: Sendable {
    private struct Sample {
        var start: NIODeadline
        var last: NIODeadline
        var events = 0
        var weight = 0.0
        var sum = 0.0
        var largest = -Double.infinity
    }

    private let sampling: MetricSampling
    private var samples: [Sample] = []
    private var current = 0
    /// The sum of all values ever recorded.
    private(set) var total = 0.0
    /// How many values were ever recorded.
    private(set) var events = 0

    init(_ sampling: MetricSampling) {
        self.sampling = sampling
    }

    /// Records a value, which counts `weight` times in the average: for a sum over so many.
    mutating func record(_ value: Double, weight: Double = 1, at now: NIODeadline) {
        total += value
        events += 1
        if samples.isEmpty {
            samples.append(Sample(start: now, last: now))
        } else if now - samples[current].start >= sampling.span {
            advance(now)
        }
        samples[current].last = now
        samples[current].events += 1
        samples[current].weight += weight
        samples[current].sum += value
        samples[current].largest = max(samples[current].largest, value)
    }

    /// One sample more than asked for is kept: the oldest one reaches into the window.
    private mutating func advance(_ now: NIODeadline) {
        current = (current + 1) % (sampling.count + 1)
        let sample = Sample(start: now, last: now)
        if current < samples.count { samples[current] = sample } else { samples.append(sample) }
    }

    /// Samples in which something happened within the window.
    private func live(_ now: NIODeadline) -> [Sample] {
        samples.filter { now - $0.last < sampling.memory }
    }

    /// The average, or not a number when nothing was recorded lately.
    func average(at now: NIODeadline) -> Double {
        let (sum, weight) = live(now).reduce((0.0, 0.0)) { ($0.0 + $1.sum, $0.1 + $1.weight) }
        return weight > 0 ? sum / weight : .nan
    }

    /// The largest value, or not a number when nothing was recorded lately.
    func largest(at now: NIODeadline) -> Double {
        live(now).map(\.largest).max() ?? .nan
    }

    /// The sum of values per second.
    func rate(at now: NIODeadline) -> Double {
        live(now).reduce(0.0) { $0 + $1.sum } / seconds(at: now)
    }

    /// The number of values per second.
    func eventRate(at now: NIODeadline) -> Double {
        live(now).reduce(0.0) { $0 + Double($1.events) } / seconds(at: now)
    }

    /// The time that rates are taken over: since the oldest sample began, but never less than all samples but one and
    /// what has passed of the last one. So a rate does not begin sky-high.
    private func seconds(at now: NIODeadline) -> Double {
        let elapsed = now - (live(now).map(\.start).min() ?? now)
        let whole = elapsed.nanoseconds / sampling.span.nanoseconds
        let missing = max(0, Int64(sampling.count - 1) - whole)
        let nanoseconds = Double(elapsed.nanoseconds) + Double(missing) * Double(sampling.span.nanoseconds)
        return max(nanoseconds, 1_000_000) / 1_000_000_000
    }
}
