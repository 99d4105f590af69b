// SPDX-License-Identifier: Apache-2.0

/// Decides when it is reported to a person that nothing moves, and that it moves again.
///
/// A pure value: time is an argument, in seconds. The first line comes within two seconds; the same reason is reported again
/// after 10 s, 20 s and so on up to a minute, another one sooner.
struct StallWatch: Sendable {
    /// How long nothing may move before that is reported.
    static let patience = 1.6
    private static let longest = 60.0

    private var progress: UInt64?
    private var movedAt = 0.0
    private var reported: (text: String, time: Double, count: Int)?

    /// Whether reasons are worth asking for.
    func isDue(progress: UInt64, isWaiting: Bool, at time: Double) -> Bool {
        isWaiting && progress == self.progress && time - movedAt >= Self.patience
    }

    /// Takes in how many records are settled, whether others are waited for, and what for. Returns a line to say.
    mutating func observe(progress: UInt64, isWaiting: Bool, reasons: [String], at time: Double) -> String? {
        guard isWaiting, progress == self.progress else {
            defer {
                self.progress = progress
                movedAt = time
                reported = nil
            }
            guard reported != nil else { return nil }
            return "going on after \(NumberText.seconds(time - movedAt)) s"
        }
        guard time - movedAt >= Self.patience, !reasons.isEmpty else { return nil }
        let text = Self.text(reasons)
        if let reported {
            let factor = Double(1 << min(reported.count - 1, 6))
            let pause = min(Self.longest, (text == reported.text ? 10 : 2) * factor)
            guard time - reported.time >= pause else { return nil }
        }
        reported = (text, time, (reported?.count ?? 0) + 1)
        return "nothing moves for \(NumberText.seconds(time - movedAt)) s, waiting: \(text)"
    }

    /// The likeliest reasons, on one line.
    static func text(_ reasons: [String]) -> String {
        let shown = reasons.prefix(3).joined(separator: "; ")
        return reasons.count > 3 ? "\(shown); and \(reasons.count - 3) more" : shown
    }
}
