// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension ClusterInspection.Facts {
    /// What follows from all facts, from the outside in.
    ///
    /// - Parameters:
    ///   - demands: What the producer wants.
    ///   - servers: The servers of the settings.
    ///   - now: Seconds since 1970.
    /// - Returns: The findings, in the order of the report.
    package func findings(_ demands: ClientDemands, servers: [BrokerAddress], now: Int64) -> [Finding] {
        var found: [Finding] = []
        // Another server does as well.
        let failure: Finding.Mark = bootstrap.contains(where: \.isUsable) ? .warning : .failed
        for facts in bootstrap {
            found += facts.findings("bootstrap \(facts.address)", failure: failure, now: now)
        }
        if let cluster {
            found += cluster.findings(bootstrap: servers) + cluster.clusterRights(demands)
        } else if let clusterFailure {
            found.append(Finding(.metadata, "cluster", .failed, "no broker tells the cluster: \(clusterFailure)"))
        }
        for facts in brokers {
            let place = BrokerAddress(nodeID: nil, host: facts.address.host, port: facts.address.port)
            let subject = "broker \(facts.address.nodeID ?? -1) at \(place)"
            found += facts.findings(subject, advice: ClusterFacts.advice(advertised: facts), now: now)
        }
        if let cluster {
            let running = Set(cluster.metadata.brokers.map(\.nodeID))
            if let topic = cluster.topic { found += topic.findings(demands, brokers: running) }
            found += cluster.topicRights(demands)
        }
        found += clockFindings(now: now)
        return found
    }

    /// Brokers show no time. A certificate that holds says at least that the clock is not far off.
    private func clockFindings(now: Int64) -> [Finding] {
        let certificates = (bootstrap + brokers).compactMap(\.tls).filter(\.isTrusted).flatMap(\.chain)
        // One that is trusted itself may be over.
        guard certificates.allSatisfy({ ($0.begins...max($0.begins, $0.ends)).contains(now) }),
            let begins = certificates.map(\.begins).max()
        else { return [] }
        let day = CertificateDay(seconds: begins)
        return [
            Finding(
                .clock,
                "clock",
                .ok,
                "this machine's clock is within the validity of all certificates (the newest is of \(day.text)); brokers "
                    + "show no time to compare with"
            )
        ]
    }
}
