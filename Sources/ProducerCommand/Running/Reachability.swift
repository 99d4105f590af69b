// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer
import KafkaProtocol

/// Decides when it is reported to a person who waits that a broker or the topic is not there.
///
/// A pure value: events and times go in, lines come out. A broker that comes back within the grace time is not worth a
/// line; one that stays away is, once.
struct Reachability: Sendable {
    private struct Absence {
        var since: Double
        var reason: String
        var isReported = false
    }

    /// How long something may be absent before that is reported, in seconds.
    let grace: Double
    /// How long the producer waits for metadata, in words: `60 s (max.block.ms)`.
    let patienceAtStart: String
    /// How long records wait, in words: `120 s (delivery.timeout.ms)`.
    let patienceLater: String

    private var absences: [String: Absence] = [:]
    /// Addresses that will never do, however often they are tried.
    private var mismatches: [String: Absence] = [:]
    private var topics: [String: Absence] = [:]
    /// Whether any broker could be connected to.
    private(set) var hasConnected = false
    /// Addresses at which a broker was connected to.
    private var connected: Set<String> = []
    /// Why the login could not be refreshed, and the line that is still to be said of it.
    private var loginFailure: (reason: String, line: String?)?
    private var throttling = ThrottleNews()

    init(grace: Double = 1, patienceAtStart: String, patienceLater: String) {
        self.grace = grace
        self.patienceAtStart = patienceAtStart
        self.patienceLater = patienceLater
    }

    /// Takes an event in; returns a line when it ends what was reported, or is worth a line by itself.
    mutating func occurred(_ event: ProducerEvent, at time: Double) -> String? {
        switch event {
        case .listenerMismatch(let address, let mismatch):
            absences[address.place] = nil
            mismatches[address.place] = Absence(since: time, reason: text(of: mismatch, at: address))
        case .brokerUnreachable(let address, let reason, _):
            guard mismatches[address.place] == nil else { return nil }
            let text = isOnlyAdvertised(address) ? reason + Self.advertised : reason
            absences[address.place, default: Absence(since: time, reason: text)].reason = text
        case .brokerConnected(let address):
            hasConnected = true
            connected.insert(address.place)
            if absences.removeValue(forKey: address.place)?.isReported == true { return "connected to \(address)" }
        case .topicUnavailable(let topic, let error):
            topics[topic, default: Absence(since: time, reason: error.name)].reason = error.name
        case .throttled(let address, let pause):
            throttling.throttled(address, for: pause, at: time)
        case .loginRefreshFailed(let reason, _):
            // The next attempt may fail for another reason, which is news.
            if loginFailure?.reason != reason { loginFailure = (reason, EventText.line(event)) }
        case .loginRefreshed:
            guard let failure = loginFailure.take(), failure.line == nil else { return nil }
            return EventText.line(event)
        case .topicReplaced:
            return EventText.line(event)
        default: break
        }
        return nil
    }

    /// Lines for what has been absent for too long and was not reported yet.
    mutating func overdueWarnings(at time: Double) -> [String] {
        var lines: [String] = []
        let patience = hasConnected ? "records wait for up to \(patienceLater)" : "trying for up to \(patienceAtStart)"
        for (address, absence) in absences where isOverdue(absence, at: time) {
            absences[address]?.isReported = true
            lines.append("cannot reach \(address): \(absence.reason); \(patience)")
        }
        for (address, mismatch) in mismatches where isOverdue(mismatch, at: time) {
            mismatches[address]?.isReported = true
            lines.append(mismatch.reason)
        }
        for (topic, absence) in topics where isOverdue(absence, at: time) {
            topics[topic]?.isReported = true
            lines.append("topic \(topic) is not there yet (\(absence.reason)); waiting for up to \(patienceAtStart)")
        }
        if let line = loginFailure?.line {
            loginFailure?.line = nil
            lines.append(line)
        }
        return lines.sorted()
    }

    /// Lines for `-v`: which brokers throttle.
    mutating func details(at time: Double) -> [String] { throttling.lines(at: time) }

    private static let advertised =
        "; the broker advertises that address, which cannot be reached from here: see its "
        + "advertised.listeners"

    /// Whether an address is known from the cluster alone: the servers that were given lead to it, and no connection got there.
    private func isOnlyAdvertised(_ address: BrokerAddress) -> Bool {
        address.nodeID != nil && hasConnected && !connected.contains(address.place)
    }

    /// Whether something is absent that was reported.
    var hasReportedAbsence: Bool {
        [absences, mismatches, topics].contains { $0.values.contains { $0.isReported } }
    }

    /// A server of `bootstrap.servers` that is of no use is one less to ask; one that the cluster names is missed.
    private func text(of mismatch: ListenerMismatch, at address: BrokerAddress) -> String {
        let hint = isOnlyAdvertised(address) ? "; the broker advertises that address: see its advertised.listeners" : ""
        let line = "\(address) \(mismatch)\(hint)"
        return address.nodeID == nil ? line : line + "; records wait for up to \(patienceLater)"
    }

    private func isOverdue(_ absence: Absence, at time: Double) -> Bool {
        !absence.isReported && time - absence.since >= grace
    }
}

extension Reachability {
    /// With the waits that the settings allow.
    init(_ configuration: ProducerConfiguration) {
        self.init(
            patienceAtStart: "\(NumberText.duration(configuration.maxBlock)) (max.block.ms)",
            patienceLater: "\(NumberText.duration(configuration.deliveryTimeout)) (delivery.timeout.ms)"
        )
    }
}

extension BrokerAddress {
    /// The address without the broker's id, which is not known at first.
    fileprivate var place: String { BrokerAddress(nodeID: nil, host: host, port: port).description }
}
