// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension ClusterFacts {
    /// What follows from what a broker says of the cluster.
    ///
    /// - Parameter bootstrap: The servers of the settings.
    /// - Returns: The findings, in the order of the report.
    package func findings(bootstrap: [BrokerAddress]) -> [Finding] {
        let subject = "cluster"
        let count = metadata.brokers.count
        let id = metadata.clusterID.map { "id \($0), " } ?? ""
        let controller = metadata.controllerID >= 0 ? ", controller \(metadata.controllerID)" : ""
        let brokers = count == 1 ? "1 broker" : "\(count) brokers"
        var found = [Finding(.metadata, subject, .ok, "\(id)\(brokers)\(controller)")]
        if count == 0 {
            found = [
                Finding(
                    .metadata,
                    subject,
                    .failed,
                    "the broker that answered names no brokers of its cluster",
                    advice: "is it still starting? Look at its log"
                )
            ]
        }
        let isRemote = bootstrap.contains { !BrokerFacts.isLoopback($0.host) }
        for broker in metadata.brokers.sorted(by: { $0.nodeID < $1.nodeID }) {
            let place = BrokerAddress(nodeID: nil, host: broker.host, port: Int(broker.port))
            let rack = broker.rack.map { ", rack \($0)" } ?? ""
            let isLost = isRemote && BrokerFacts.isLoopback(broker.host)
            found.append(
                Finding(
                    .metadata,
                    subject,
                    isLost ? .warning : .ok,
                    "broker \(broker.nodeID) is advertised as \(place)\(rack)"
                        + (isLost ? ": that is this machine" : ""),
                    advice: isLost ? "set advertised.listeners of broker \(broker.nodeID) to a name for clients" : nil
                )
            )
        }
        return found
    }

    /// What to do when a broker cannot be used at the address that the cluster gives.
    static func advice(advertised facts: BrokerFacts) -> String? {
        let node = facts.address.nodeID.map { " of broker \($0)" } ?? ""
        switch facts.obstacle?.layer {
        case .dns, .tcp:
            return "the cluster gives clients this address: mend advertised.listeners\(node), or open the way to it"
        case .tls, .sasl, .versions:
            return "the cluster gives clients this address: do advertised.listeners\(node) name the listener of "
                + "this security.protocol?"
        default: return nil
        }
    }
}
