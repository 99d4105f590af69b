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
        let failure = await TimeLimit.run(limit) { () async -> LoginError? in
            do throws(LoginError) {
                try await configuration.prepareLogin()
                return nil
            } catch {
                return error
            }
        }
        let reason: String
        switch failure {
        case .some(nil): return
        case .some(let error?): reason = "there is nothing to log in with: \(error)"
        case nil: reason = "there is nothing to log in with: no credentials within \(limit.milliseconds) ms"
        }
        loginFinding.withLock { $0 = Finding(.sasl, "login", .failed, reason) }
    }

    /// What is known by now.
    func report(signal: Int32?, isVerbose: Bool) -> DoctorReport {
        let facts = inspection.facts
        let configuration = settings.configuration
        let servers = configuration.bootstrapServers.map { BrokerAddress(nodeID: nil, host: $0.host, port: $0.port) }
        var findings = settings.findings(isVerbose: isVerbose)
        if let finding = loginFinding.withLock({ $0 }) { findings.append(finding) }
        findings += facts.findings(configuration.demands, servers: servers, now: TimeText.now() / 1000)
        return DoctorReport(findings: findings, signal: signal, cluster: facts.cluster)
    }
}
