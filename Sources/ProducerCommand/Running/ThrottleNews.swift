// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// Decides what is reported of brokers that ask to wait (KIP-219): that it begins, how much it is by now at most every ten
/// seconds, and that it is over. A broker under a quota asks with each answer.
///
/// A pure value: time is an argument, in seconds since the beginning of the run.
struct ThrottleNews: Sendable {
    private struct Throttling {
        var total = 0.0
        /// The pause that was asked for last is over then.
        var until: Double
        /// When a line was said last; nil when none was yet.
        var reportedAt: Double?
    }

    /// How often at most the total is reported.
    static let interval = 10.0
    /// A broker that asks for nothing for so long does not throttle any more.
    static let calm = 2.0

    private var brokers: [String: Throttling] = [:]

    /// A broker asked to wait.
    mutating func throttled(_ address: BrokerAddress, for pause: Duration, at time: Double) {
        let seconds = pause / .seconds(1)
        brokers[address.description, default: Throttling(until: time)].total += seconds
        brokers[address.description]?.until = time + seconds
    }

    /// The lines to say now.
    mutating func lines(at time: Double) -> [String] {
        guard !brokers.isEmpty else { return [] }
        var lines: [String] = []
        for (address, throttling) in brokers {
            let total = "\(NumberText.seconds(throttling.total)) s"
            if time >= throttling.until + Self.calm {
                lines.append("\(address) does not ask to wait any more; it was \(total) in all")
                brokers[address] = nil
            } else if let reportedAt = throttling.reportedAt {
                guard time - reportedAt >= Self.interval else { continue }
                lines.append("\(address) goes on asking to wait; \(total) so far")
                brokers[address]?.reportedAt = time
            } else {
                lines.append("\(address) asks to wait (a quota): \(total)")
                brokers[address]?.reportedAt = time
            }
        }
        return lines.sorted()
    }
}
