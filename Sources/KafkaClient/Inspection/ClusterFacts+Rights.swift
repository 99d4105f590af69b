// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension ClusterFacts {
    /// What the client may do to the topic, and what of it a producer with these demands lacks.
    func topicRights(_ demands: ClientDemands) -> [Finding] {
        guard let topic, topic.metadata.errorCode == .none else { return [] }
        let subject = "topic \(topic.name)"
        guard let rights = topic.rights else {
            return [Finding(.rights, subject, .warning, "the broker does not tell what this client may do to it")]
        }
        guard !rights.allow(.write) else { return [Finding(.rights, subject, .ok, "allowed: \(rights.text)")] }
        let principal = demands.user.map { "User:\($0)" } ?? "PRINCIPAL"
        return [
            Finding(
                .rights,
                subject,
                .failed,
                "this client may not write to it (allowed: \(rights.text))",
                advice: "kafka-acls.sh --add --allow-principal \(principal) --operation Write --topic \(topic.name)"
            )
        ]
    }

    /// What the client may do to the cluster, and what of it a producer with these demands lacks.
    func clusterRights(_ demands: ClientDemands) -> [Finding] {
        let subject = "cluster"
        guard let rights else {
            return [Finding(.rights, subject, .ok, "the broker does not tell what this client may do to the cluster")]
        }
        let isMissing = topic?.metadata.errorCode == .unknownTopicOrPartition
        if isMissing, topic?.isMadeOnFirstUse == true, !rights.allow(.create) {
            return [
                Finding(
                    .rights,
                    subject,
                    .warning,
                    "no right to create topics in the cluster (allowed: \(rights.text))",
                    advice: "create the topic, or grant Create on it or on the cluster"
                )
            ]
        }
        // Since Kafka 2.8 the right to write to any topic is enough.
        let mayWrite = topic?.rights?.allow(.write) ?? false
        guard demands.isIdempotent, !rights.allow(.idempotentWrite), !mayWrite else {
            return [Finding(.rights, subject, .ok, "allowed: \(rights.text)")]
        }
        return [
            Finding(
                .rights,
                subject,
                .warning,
                "no right IdempotentWrite (allowed: \(rights.text)); enable.idempotence needs it, or Write on a topic "
                    + "since Kafka 2.8",
                advice: topic == nil ? "ask again with -t TOPIC" : "grant Write on the topic"
            )
        ]
    }
}
