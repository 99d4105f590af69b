// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol

/// The report as a JSON object.
extension DoctorReport: Encodable {
    private enum Key: String, CodingKey { case status, exitStatus, firstFailed, counts, cluster, findings }

    private struct Entry: Encodable {
        var layer: String
        var subject: String
        var mark: String
        var text: String
        var advice: String?

        init(_ finding: Finding) {
            (layer, subject, mark) = (finding.layer.rawValue, finding.subject, finding.mark.rawValue)
            (text, advice) = (finding.text, finding.advice)
        }
    }

    private struct Cluster: Encodable {
        var id: String?
        var controller: Int32?
        var brokers: [Broker]
    }

    private struct Broker: Encodable {
        var id: Int32
        var host: String
        var port: Int32
        var rack: String?
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        let worst: Finding.Mark = firstFailed != nil ? .failed : count(.warning) > 0 ? .warning : .ok
        try container.encode(signal == nil ? worst.rawValue : "interrupted", forKey: .status)
        try container.encode(status.code, forKey: .exitStatus)
        try container.encodeIfPresent(firstFailed.map(Entry.init), forKey: .firstFailed)
        let counts = ["ok": count(.ok), "warning": count(.warning), "failed": count(.failed)]
        try container.encode(counts, forKey: .counts)
        if let metadata = cluster?.metadata {
            let brokers = metadata.brokers.sorted { $0.nodeID < $1.nodeID }
                .map { Broker(id: $0.nodeID, host: $0.host, port: $0.port, rack: $0.rack) }
            let controller = metadata.controllerID >= 0 ? metadata.controllerID : nil
            try container.encode(
                Cluster(id: metadata.clusterID, controller: controller, brokers: brokers),
                forKey: .cluster
            )
        }
        try container.encode(findings.map(Entry.init), forKey: .findings)
    }
}
