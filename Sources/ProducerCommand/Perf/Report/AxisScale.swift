// SPDX-License-Identifier: Apache-2.0

/// The labelled values of an axis that begins at 0: round numbers, few of them.
struct AxisScale: Equatable, Sendable {
    let step: Double
    let count: Int

    /// Reaches at least to `largest`, in no more than `limit` steps.
    init(reaching largest: Double, limit: Int = 5) {
        guard largest.isFinite, largest > 0 else {
            (step, count) = (1, 1)
            return
        }
        let limit = max(1, limit)
        var magnitude = 1.0
        while magnitude * 10 <= largest / Double(limit) { magnitude *= 10 }
        while magnitude > largest / Double(limit) { magnitude /= 10 }
        let factor = [1.0, 2, 2.5, 5].first { $0 * magnitude * Double(limit) >= largest } ?? 10
        step = factor * magnitude
        count = max(1, Int((largest / step - 1e-9).rounded(.up)))
    }

    var end: Double { step * Double(count) }

    var ticks: [Double] { (0...count).map { Double($0) * step } }
}
