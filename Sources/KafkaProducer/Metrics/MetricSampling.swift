// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore

/// Over which time metrics are computed: so many samples of so long, as the Java client's `metrics.num.samples` and
/// `metrics.sample.window.ms` say.
struct MetricSampling: Sendable, Equatable {
    let span: TimeAmount
    let count: Int

    /// A span of no time at all counts as a millisecond.
    init(span: Duration, count: Int) {
        self.span = max(TimeAmount(clamping: span), .milliseconds(1))
        self.count = max(1, count)
    }

    init(_ configuration: ProducerConfiguration) {
        self.init(span: configuration.metricsSampleWindow, count: configuration.metricsSampleCount)
    }

    /// After how much time a sample that got nothing more is forgotten.
    var memory: TimeAmount {
        let (product, overflow) = span.nanoseconds.multipliedReportingOverflow(by: Int64(count))
        return .nanoseconds(overflow ? .max / 4 : min(product, .max / 4))
    }
}
