// SPDX-License-Identifier: Apache-2.0

/// How fast records are sent by their own times, as `--pace` says it: 2 is twice as fast as they were written.
struct Pace: Equatable, Sendable {
    var speed: Double

    /// Reads an argument such as `1x`, `2x` or `0.5x`.
    ///
    /// - Throws: `UsageError` for what is no speed above 0.
    init(_ text: String) throws(UsageError) {
        guard text.hasSuffix("x"), let speed = Double(text.dropLast()), speed.isFinite, speed >= 1e-6, speed <= 1e6
        else {
            throw UsageError("--pace \"\(text)\": give a speed, such as 1x, 2x or 0.5x")
        }
        self.speed = speed
    }
}
