// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension BrokerFacts {
    /// A certificate that ends sooner than this is worth a warning, in days.
    static let fewDays: Int64 = 30

    /// What follows from the facts of one address, layer by layer.
    ///
    /// - Parameters:
    ///   - subject: What to call the address.
    ///   - failure: How bad it is when requests are not answered there.
    ///   - advice: What to do then, beside what the failure says itself.
    ///   - now: Seconds since 1970.
    /// - Returns: The findings, in the order of the report.
    package func findings(
        _ subject: String,
        failure: Finding.Mark = .failed,
        advice: String? = nil,
        now: Int64
    ) -> [Finding] {
        var found = networkFindings(subject)
        if let tls { found += tlsFindings(tls, subject, now: now) }
        if let login, obstacle?.layer != .sasl { found.append(finding(of: login, subject)) }
        found += versionFindings(subject)
        if let obstacle {
            let own = advice ?? obstacle.advice
            found.append(Finding(obstacle.layer, subject, failure, obstacle.reason, advice: own))
        }
        return found
    }

    private func networkFindings(_ subject: String) -> [Finding] {
        var found: [Finding] = []
        if let lookupMilliseconds, !isLiteral {
            let list = routes.map(\.ip).joined(separator: ", ")
            found.append(Finding(.dns, subject, .ok, "\(list) (\(Self.text(lookupMilliseconds)))"))
        }
        guard obstacle?.layer != .tcp else { return found }
        let isAnyOpen = routes.contains { $0.milliseconds != nil }
        for route in routes {
            if let milliseconds = route.milliseconds {
                found.append(Finding(.tcp, subject, .ok, "\(route.ip) connected in \(Self.text(milliseconds))"))
            } else if isAnyOpen, let reason = route.reason {
                // `localhost` is often an address of both kinds, and a broker listens on one.
                let isLoopback = Self.isLoopback(address.host)
                found.append(
                    Finding(
                        .tcp,
                        subject,
                        isLoopback ? .ok : .warning,
                        "\(route.ip): \(reason); another address of \(address.host) answers",
                        advice: isLoopback ? nil : "take the address out of DNS, or open the way to it"
                    )
                )
            }
        }
        return found
    }

    private func tlsFindings(_ tls: TLSFacts, _ subject: String, now: Int64) -> [Finding] {
        var found: [Finding] = []
        if let version = tls.version {
            let time = tlsMilliseconds.map { " in \(Self.text($0))" } ?? ""
            let suite = tls.cipherSuite.map { ", \($0)" } ?? ""
            let client = tls.clientName.map { "; client certificate \($0)" } ?? ""
            found.append(Finding(.tls, subject, .ok, "\(version)\(suite)\(time)\(client)"))
        }
        for (index, certificate) in tls.chain.enumerated() {
            found.append(Self.finding(of: certificate, isFirst: index == 0, subject, now: now))
        }
        if tls.isTrusted { found.append(Finding(.tls, subject, .ok, "trusted by \(tls.trustOrigin)")) }
        return found
    }

    private static func finding(
        of certificate: CertificateFacts,
        isFirst: Bool,
        _ subject: String,
        now: Int64
    ) -> Finding {
        let hosts = isFirst && !certificate.hosts.isEmpty ? " for \(certificate.hosts.joined(separator: ", "))" : ""
        let name = "certificate \(certificate.subject)\(hosts), issued by \(certificate.issuer)"
        let days = certificate.daysLeft(now: now)
        if certificate.ends < now {
            return Finding(.tls, subject, .warning, "\(name): it has expired", advice: "renew the certificate")
        }
        if certificate.begins > now {
            let advice = "compare this machine's clock with the broker's"
            return Finding(.tls, subject, .warning, "\(name): it is not valid yet", advice: advice)
        }
        guard days < fewDays else { return Finding(.tls, subject, .ok, "\(name), \(days) days left") }
        let left = days == 1 ? "1 day left" : "\(days) days left"
        return Finding(.tls, subject, .warning, "\(name), only \(left)", advice: "have it renewed before it ends")
    }

    private func finding(of login: Login, _ subject: String) -> Finding {
        let user = login.user.map { " as \($0)" } ?? ""
        let lifetime = login.sessionLifetimeMs
        let session = lifetime > 0 ? "the session holds for \(lifetime / 1000) s" : "the session has no end"
        return Finding(
            .sasl,
            subject,
            .ok,
            "logged in\(user) by \(login.mechanism) in \(Self.text(login.milliseconds)); \(session)"
        )
    }

    private func versionFindings(_ subject: String) -> [Finding] {
        guard let versions else { return [] }
        var found: [Finding] = []
        let time = versionsMilliseconds.map { " after \(Self.text($0))" } ?? ""
        let release = KafkaRelease.atLeast(versions).map { ": at least what Kafka \($0) serves" } ?? ""
        found.append(Finding(.versions, subject, .ok, "\(versions.apiKeys.count) APIs told\(time)\(release)"))
        if let least = roundTrips.min(), let most = roundTrips.max() {
            let text = "round trip \(Self.text(least)) to \(Self.text(most)) (\(roundTrips.count) requests)"
            found.append(Finding(.latency, subject, .ok, text))
        }
        return found
    }

    /// Whether a host is this machine itself.
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
    }

    /// Milliseconds with a digit that tells something.
    static func text(_ milliseconds: Double) -> String {
        guard milliseconds < 100 else { return "\(Int(min(milliseconds, 1e12))) ms" }
        let tenths = Int((max(0, milliseconds) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}

extension BrokerFacts.Obstacle {
    /// What to do where the reason does not say it.
    var advice: String? {
        switch layer {
        case .dns: "correct the name in bootstrap.servers, or the name server"
        case .tcp: "is the broker up, the port right, and the way to it open (firewall, security group)?"
        default: nil
        }
    }
}
