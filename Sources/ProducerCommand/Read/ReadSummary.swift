// SPDX-License-Identifier: Apache-2.0

/// The account at the end of a `read`.
struct ReadSummary {
    private let account: ReadOutput.Account
    private let topic: String
    private let partitions: Int?
    private let seconds: Double

    /// - Parameters:
    ///   - account: What was read.
    ///   - topic: What it was read from.
    ///   - partitions: Of how many partitions; nil when that was never known.
    ///   - seconds: How long it took.
    init(account: ReadOutput.Account, _ topic: String, _ partitions: Int?, seconds: Double) {
        (self.account, self.topic, self.partitions, self.seconds) = (account, topic, partitions, seconds)
    }

    /// One line.
    var line: String {
        let records = account.records == 1 ? "record" : "records"
        let place = partitions.map { "\($0) \($0 == 1 ? "partition" : "partitions") of " } ?? ""
        let rate = NumberText.rate(Double(account.records) / max(seconds, 0.001))
        return "\(NumberText.grouped(account.records)) \(records) read from \(place)\(topic); "
            + "\(NumberText.bytes(account.bytes)) in \(NumberText.seconds(seconds)) s (\(rate) records/s)"
    }
}
