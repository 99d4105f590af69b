// SPDX-License-Identifier: Apache-2.0
#if Metrics
    public import Metrics

    extension KafkaProducer {
        /// Hands ``metrics()`` to swift-metrics every now and then, until the producer is closed or the task is cancelled.
        ///
        /// Each is a gauge named `kafka.producer.GROUP.NAME`, such as `kafka.producer.producer-metrics.record-send-rate`, with
        /// the Java client's tags as dimensions. What has no value yet is left out.
        ///
        /// - Parameters:
        ///   - interval: from one time to the next. Default: 10 s.
        ///   - factory: what makes the gauges. Default: that of `MetricsSystem`.
        public func reportMetrics(
            every interval: Duration = .seconds(10),
            to factory: (any MetricsFactory)? = nil
        ) async {
            let factory = factory ?? MetricsSystem.factory
            var gauges: [String: Gauge] = [:]
            var isOver = false
            while !isOver {
                for metric in await metrics() where !metric.value.isNaN {
                    let gauge = gauges[metric.description] ?? Self.gauge(for: metric, factory)
                    gauges[metric.description] = gauge
                    gauge.record(metric.value)
                }
                isOver = await hasEnded(within: interval)
            }
        }

        private static func gauge(for metric: ProducerMetric, _ factory: any MetricsFactory) -> Gauge {
            Gauge(
                label: "kafka.producer.\(metric.group).\(metric.name)",
                dimensions: metric.tags.map { ($0.name, $0.value) },
                factory: factory
            )
        }

        /// Whether the producer or the task ends before so long.
        private func hasEnded(within interval: Duration) async -> Bool {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { [closing] in
                    _ = await closing.end.valueUnlessCancelled()
                    return true
                }
                group.addTask { (try? await Task.sleep(for: interval)) == nil }
                defer { group.cancelAll() }
                return await group.next() ?? true
            }
        }
    }
#endif
