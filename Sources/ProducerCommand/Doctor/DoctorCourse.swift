// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer
import Synchronization

/// The course of an inspection: credentials first, then the cluster, until its end or a signal.
final class DoctorCourse: Sendable {
    private let settings: InspectedSettings
    private let inspection: ClusterInspection
    private let limit: Duration
    private let loginFinding = Mutex<Finding?>(nil)

    /// How long something that is given up may take to say why.
    private static let farewell = Duration.milliseconds(500)

    init(settings: InspectedSettings, inspection: ClusterInspection, limit: Duration) {
        (self.settings, self.inspection, self.limit) = (settings, inspection, limit)
    }

    /// Goes on to the end, or until a signal comes.
    ///
    /// - Returns: the signal.
    func run() async -> Int32? {
        let (ends, continuation) = AsyncStream.makeStream(of: Int32?.self)
        SignalWatch.start(onReport: {}, onEnd: { continuation.yield($0) })
        // Ends by its own time limits, or with the process after a signal.
        Task {
            await prepareLogin()
            await inspection.run()
            continuation.yield(nil)
        }
        for await end in ends { return end }
        return nil
    }

    /// Gets a token or a ticket, without which every login would fail for the same reason.
    private func prepareLogin() async {
        let configuration = settings.configuration
        guard configuration.securityProtocol.usesSASL else { return }
        // Ends by its own time limits, or when it is given up.
        let attempt = Task { () async -> LoginError? in
            do throws(LoginError) {
                try await configuration.prepareLogin()
                return nil
            } catch {
                return error
            }
        }
        let reason: String
        switch await TimeLimit.run(limit, { await attempt.value }) {
        case .some(nil): return
        case .some(let error?): reason = "\(error)"
        case nil:
            attempt.cancel()
            // What is tried again and again says why it has not come.
            let last = await TimeLimit.run(Self.farewell) { await attempt.value } ?? nil
            reason = (last.map { "\($0); " } ?? "") + "no credentials within \(limit.milliseconds) ms"
        }
        let text = "there is nothing to log in with: \(reason)"
        loginFinding.withLock { $0 = Finding(.sasl, "login", .failed, text) }
    }

    private static func finding(of clock: ClockComparison) -> Finding {
        Finding(
            .clock,
            "clock",
            clock.isApart ? .warning : .ok,
            clock.description,
            advice: clock.isApart ? "set this machine's clock: tokens and certificates hold from time to time" : nil
        )
    }

    /// What is known by now.
    func report(signal: Int32?, isVerbose: Bool) -> DoctorReport {
        let facts = inspection.facts
        let configuration = settings.configuration
        let servers = configuration.bootstrapServers.map { BrokerAddress(nodeID: nil, host: $0.host, port: $0.port) }
        var findings = settings.findings(isVerbose: isVerbose)
        if let finding = loginFinding.withLock({ $0 }) { findings.append(finding) }
        findings += facts.findings(configuration.demands, servers: servers, now: TimeText.now() / 1000)
        if let clock = configuration.clockComparison { findings.append(Self.finding(of: clock)) }
        return DoctorReport(findings: findings, signal: signal, cluster: facts.cluster)
    }
}
