// SPDX-License-Identifier: Apache-2.0

/// A chart of lines as inline SVG. Colours come from the page's style sheet, so that it follows light and dark.
struct LineChart: Sendable {
    /// One line; a missing value is a gap.
    struct Series: Sendable {
        var name: String
        var points: [(x: Double, y: Double?)]
    }

    /// A labelled place on the x axis.
    struct Tick: Equatable, Sendable {
        var x: Double
        var label: String
    }

    /// Tells this chart from the others on the page.
    var id: String
    var title: String
    /// What the chart shows, in words, for those who do not see it.
    var summary: String
    var xLabel: String
    var xTicks: [Tick]
    var xRange: ClosedRange<Double>
    var yText: @Sendable (Double) -> String
    var series: [Series]
    /// Whether the space below the first line is filled.
    var isFilled = false

    private static let size = (width: 720.0, height: 270.0)
    private static let frame = (left: 64.0, right: 16.0, top: 12.0, bottom: 44.0)

    var svg: String {
        let largest = series.flatMap { $0.points.compactMap(\.y) }.max() ?? 0
        let axis = AxisScale(reaching: largest)
        let (width, height) = (Int(Self.size.width), Int(Self.size.height))
        var parts = [
            "<svg viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-labelledby=\"\(id)-title \(id)-desc\">",
            "<title id=\"\(id)-title\">\(HTMLText.escaped(title))</title>",
            "<desc id=\"\(id)-desc\">\(HTMLText.escaped(summary))</desc>",
        ]
        parts += grid(axis)
        for (index, series) in series.enumerated() { parts += lines(series, index, axis) }
        parts.append("</svg>")
        return parts.joined(separator: "\n")
    }

    /// The names of the lines with their colours, if there are several.
    var legend: String {
        guard series.count > 1 else { return "" }
        let entries = series.enumerated().map { index, series in
            "<span class=\"key s\(index + 1)\"></span>\(HTMLText.escaped(series.name))"
        }
        return "<p class=\"legend\">" + entries.joined(separator: " ") + "</p>"
    }

    private func x(_ value: Double) -> String {
        let span = xRange.upperBound - xRange.lowerBound
        let share = span > 0 ? (value - xRange.lowerBound) / span : 0
        let place = Self.frame.left + share * (Self.size.width - Self.frame.left - Self.frame.right)
        return NumberText.fixed(place, digits: 1)
    }

    private func y(_ value: Double, _ axis: AxisScale) -> String {
        let height = Self.size.height - Self.frame.top - Self.frame.bottom
        return NumberText.fixed(Self.frame.top + (1 - value / axis.end) * height, digits: 1)
    }

    private func grid(_ axis: AxisScale) -> [String] {
        let (left, right) = (x(xRange.lowerBound), x(xRange.upperBound))
        let bottom = Self.size.height - Self.frame.bottom
        var parts: [String] = []
        for tick in axis.ticks {
            let place = y(tick, axis)
            let kind = tick == 0 ? "base" : "grid"
            parts.append("<line class=\"\(kind)\" x1=\"\(left)\" x2=\"\(right)\" y1=\"\(place)\" y2=\"\(place)\"/>")
            let text = HTMLText.escaped(yText(tick))
            parts.append(
                "<text x=\"\(NumberText.fixed(Self.frame.left - 8, digits: 1))\" y=\"\(place)\" dy=\"4\" class=\"end\">\(text)</text>"
            )
        }
        for tick in xTicks where xRange.contains(tick.x) {
            let place = x(tick.x)
            parts.append("<line class=\"base\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(bottom)\" y2=\"\(bottom + 4)\"/>")
            parts.append(
                "<text x=\"\(place)\" y=\"\(bottom + 17)\" class=\"middle\">\(HTMLText.escaped(tick.label))</text>"
            )
        }
        let middle = x((xRange.lowerBound + xRange.upperBound) / 2)
        let label = HTMLText.escaped(xLabel)
        parts.append("<text x=\"\(middle)\" y=\"\(Self.size.height - 8)\" class=\"middle label\">\(label)</text>")
        return parts
    }

    private func lines(_ series: Series, _ index: Int, _ axis: AxisScale) -> [String] {
        var parts: [String] = []
        for stretch in stretches(series.points) {
            let points = stretch.map { "\(x($0.x)),\(y($0.y, axis))" }
            guard let first = stretch.first, let last = stretch.last else { continue }
            if points.count == 1 {
                parts.append(
                    "<circle class=\"s\(index + 1)\" cx=\"\(x(first.x))\" cy=\"\(y(first.y, axis))\" r=\"3\"/>"
                )
                continue
            }
            if isFilled, index == 0 {
                let floor = y(0, axis)
                let area = ["\(x(first.x)),\(floor)"] + points + ["\(x(last.x)),\(floor)"]
                parts.append("<polygon class=\"s\(index + 1)\" points=\"\(area.joined(separator: " "))\"/>")
            }
            parts.append("<polyline class=\"s\(index + 1)\" points=\"\(points.joined(separator: " "))\"/>")
        }
        return parts
    }

    /// The points between gaps.
    private func stretches(_ points: [(x: Double, y: Double?)]) -> [[(x: Double, y: Double)]] {
        var stretches: [[(x: Double, y: Double)]] = [[]]
        for point in points {
            if let y = point.y {
                stretches[stretches.count - 1].append((point.x, y))
            } else if stretches.last?.isEmpty == false {
                stretches.append([])
            }
        }
        return stretches.filter { !$0.isEmpty }
    }
}
