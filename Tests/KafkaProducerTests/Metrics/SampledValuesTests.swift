// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import KafkaProducer

/// Averages and rates as the Java client computes them: two samples of 30 s unless said otherwise.
@Suite("Sampled values")
struct SampledValuesTests {
    private let sampling = MetricSampling(span: .seconds(30), count: 2)

    private func second(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1000) + .seconds(seconds) }

    @Test("nothing recorded is no number as an average, and zero as a rate")
    func nothing() {
        let values = SampledValues(sampling)
        #expect(values.average(at: second(5)).isNaN)
        #expect(values.largest(at: second(5)).isNaN)
        #expect(values.rate(at: second(5)) == 0)
        #expect(values.total == 0)
    }

    @Test("average, largest and sum")
    func figures() {
        var values = SampledValues(sampling)
        for value in [3.0, 1, 8] { values.record(value, at: second(1)) }
        #expect(values.average(at: second(2)) == 4)
        #expect(values.largest(at: second(2)) == 8)
        #expect(values.total == 12 && values.events == 3)
    }

    @Test("a weight counts a value so many times")
    func weight() {
        var values = SampledValues(sampling)
        values.record(100, weight: 10, at: second(1))
        values.record(20, weight: 2, at: second(1))
        #expect(values.average(at: second(2)) == 10)
    }

    @Test("a rate begins over all samples but one, not over the first moment")
    func beginning() {
        var values = SampledValues(sampling)
        values.record(100, at: second(0))
        // 10 s of the first sample, and one whole sample that is missing.
        #expect(values.rate(at: second(10)) == 100.0 / 40)
        #expect(values.eventRate(at: second(10)) == 1.0 / 40)
    }

    @Test("once a whole sample has passed, the rate is over the time since the oldest one began")
    func steady() {
        var values = SampledValues(sampling)
        for time in 0..<60 { values.record(10, at: second(Int64(time))) }
        #expect(values.rate(at: second(60)) == 600.0 / 60)
    }

    @Test("a sample is forgotten when nothing came to it for the whole window")
    func forgetting() {
        var values = SampledValues(sampling)
        values.record(100, at: second(0))
        values.record(1, at: second(40))
        #expect(values.average(at: second(59)) == 50.5)
        #expect(values.average(at: second(60)) == 1)
        #expect(values.average(at: second(100)).isNaN)
        #expect(values.total == 101)
    }

    @Test("the sample that reaches into the window is kept beside as many as were asked for")
    func overlap() {
        var values = SampledValues(sampling)
        for (time, value) in [(0, 1.0), (29, 1), (30, 10), (60, 100)] { values.record(value, at: second(Int64(time))) }
        #expect(values.rate(at: second(61)) == 112.0 / 61)
        values.record(1000, at: second(90))
        // The fourth sample takes the first one's place, and the second one is as old as the window.
        #expect(values.rate(at: second(90)) == 1100.0 / 30)
    }

    @Test("one sample of no length is a millisecond, not a division by zero")
    func zeroSpan() {
        var values = SampledValues(MetricSampling(span: .zero, count: 1))
        values.record(5, at: second(0))
        #expect(values.rate(at: second(0)) == 5000)
        #expect(values.rate(at: second(1)) == 0)
    }

    @Test("windows longer than any clock do not overflow")
    func hugeWindow() {
        var values = SampledValues(MetricSampling(span: .seconds(3_153_600_000), count: .max))
        values.record(5, at: second(0))
        #expect(values.average(at: second(1)) == 5)
        #expect(values.rate(at: second(1)) > 0)
    }
}
