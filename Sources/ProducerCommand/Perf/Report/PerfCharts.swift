// SPDX-License-Identifier: Apache-2.0

/// The charts of the report, each with its figures as a table.
struct PerfCharts: Sendable {
    struct Part: Sendable {
        var chart: LineChart
        var head: [String]
        var rows: [[String]]
    }

    private let result: PerfResult
    private let points: [Timeline.Point]

    init(_ result: PerfResult) {
        self.result = result
        points = result.timeline.points
    }

    private var end: Double { max(points.last?.time ?? 0, 0.001) }

    private var timeTicks: [LineChart.Tick] {
        AxisScale(reaching: end, limit: 8).ticks.map { LineChart.Tick(x: $0, label: UnitText.plain($0)) }
    }

    /// Records per second over time.
    var throughput: Part {
        let rates = points.map(\.recordsPerSecond)
        let summary =
            "From \(UnitText.count(rates.min() ?? 0)) to \(UnitText.count(rates.max() ?? 0)) records per second, "
            + "\(UnitText.count(result.recordsPerSecond)) over the whole run."
        let chart = LineChart(
            id: "throughput",
            title: "Acknowledged records per second",
            summary: summary,
            xLabel: "seconds since the first record",
            xTicks: timeTicks,
            xRange: 0...end,
            yText: { UnitText.count($0) },
            series: [.init(name: "records/s", points: points.map { ($0.time, $0.recordsPerSecond) })],
            isFilled: true
        )
        let rows = points.map { point in
            [
                NumberText.fixed(point.time, digits: 2),
                NumberText.grouped(UInt64(point.recordsPerSecond.rounded())),
                NumberText.fixed(point.bytesPerSecond / (1024 * 1024), digits: 2),
            ]
        }
        return Part(chart: chart, head: ["until, s", "records/s", "MiB/s"], rows: rows)
    }

    /// Latency by percentile; each step to the right is ten times rarer.
    var latency: Part {
        let percents = Self.percents(records: result.total.records)
        let points = percents.map { (x: Self.place(ofPercent: $0), y: Double?.some(result.total.percentile($0))) }
        let labels: [(Double, String)] = [
            (0, "0"), (50, "50"), (90, "90"), (99, "99"), (99.9, "99.9"), (99.99, "99.99"), (99.999, "99.999"),
            (99.9999, "99.9999"),
        ]
        let ticks = labels.map { LineChart.Tick(x: Self.place(ofPercent: $0.0), label: $0.1) }
        let told = PerfResult.percents.map {
            "\($0.name)th \(NumberText.fixed(result.total.percentile($0.percent), digits: 2))"
        }
        let chart = LineChart(
            id: "latency",
            title: "Latency by percentile",
            summary: "Milliseconds from the time at which a record was to be sent to its acknowledgement: "
                + told.joined(separator: ", ") + ", largest \(NumberText.fixed(result.total.maximum, digits: 2)).",
            xLabel: "percentile",
            xTicks: ticks,
            xRange: 0...max(points.last?.x ?? 1, 1),
            yText: { UnitText.plain($0) + " ms" },
            series: [.init(name: "latency", points: points)],
            isFilled: true
        )
        var rows = PerfResult.percents.map {
            [$0.name, NumberText.fixed(result.total.percentile($0.percent), digits: 3)]
        }
        rows.append(["largest", NumberText.fixed(result.total.maximum, digits: 3)])
        rows.append(["average", NumberText.fixed(result.total.average, digits: 3)])
        return Part(chart: chart, head: ["percentile", "ms"], rows: rows)
    }

    /// Sizes of batches and requests over time.
    var sizes: Part {
        let batches = result.batches
        let chart = LineChart(
            id: "sizes",
            title: "Batch and request sizes",
            summary:
                "\(NumberText.grouped(batches.count)) batches of \(UnitText.bytes(batches.average)) on average, as sent, "
                + "half of them up to \(UnitText.bytes(Double(batches.percentile(50)))), the largest "
                + "\(UnitText.bytes(Double(batches.largest))), in \(NumberText.grouped(result.requests)) requests of "
                + "\(UnitText.bytes(result.requestSize)).",
            xLabel: "seconds since the first record",
            xTicks: timeTicks,
            xRange: 0...end,
            yText: { UnitText.bytes($0) },
            series: [
                .init(name: "batch", points: points.map { ($0.time, $0.batchSize) }),
                .init(name: "request", points: points.map { ($0.time, $0.requestSize) }),
            ]
        )
        let rows = points.map { point in
            [
                NumberText.fixed(point.time, digits: 2),
                point.batchSize.map { NumberText.grouped(Int($0.rounded())) } ?? "-",
                point.requestSize.map { NumberText.grouped(Int($0.rounded())) } ?? "-",
            ]
        }
        return Part(chart: chart, head: ["until, s", "batch, bytes", "request, bytes"], rows: rows)
    }

    /// Where a percentile lies on its axis: 90 at 1, 99 at 2, 99.9 at 3.
    static func place(ofPercent percent: Double) -> Double {
        Logarithm.base10(100 / max(100 - percent, 1e-9))
    }

    /// The percentiles of the curve: nine between each and the one that is ten times rarer, as far as records tell.
    static func percents(records: UInt64) -> [Double] {
        var percents: [Double] = []
        var rest = 100.0
        while percents.isEmpty || rest / 100 * Double(records) >= 1 {
            for step in 0..<9 { percents.append(100 - rest + Double(step) * rest / 10) }
            rest /= 10
        }
        return percents
    }
}
