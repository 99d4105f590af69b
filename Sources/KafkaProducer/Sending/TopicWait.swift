// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol

/// A wait until a topic, or one of its partitions, is known; and what is said when it ends without that.
struct TopicWait: Sendable {
    let topic: String
    let partition: Int32?
    /// How long it may take, as `max.block.ms` says it.
    let timeout: Duration

    /// Why the wait has failed, with what the client knows.
    func error(_ failure: TopicDirectory.Failure, _ client: ClusterClient) -> ProducerError {
        switch failure {
        case .refused(let error): ProducerError(.broker(error), topic: topic, message: error.explanation)
        case .noListener(let objection): ProducerError(.noBrokerReachable, message: objection)
        case .timedOut: timedOut(client)
        case .interrupted: ProducerError(.interrupted, message: absence(client))
        case .closed: .closedProducer
        }
    }

    /// Whether no broker was reached, so that nothing is known of topics.
    private func isUnreached(_ client: ClusterClient) -> Bool {
        client.cluster.isBootstrap
            && (!client.connections.history.hasEverConnected || client.connections.history.lastFailure != nil)
    }

    /// What a wait that ends early was for.
    private func absence(_ client: ClusterClient) -> String {
        if isUnreached(client) {
            let failure = client.connections.history.lastFailure
            return "no broker was reached yet" + (failure.map { " (\($0.address): \($0.reason))" } ?? "")
        }
        if let error = client.directory.errors[topic] { return "topic \(topic) is not there (\(error.name))" }
        guard let known = client.cluster.topics[topic] else {
            return "the brokers have told nothing of topic \(topic) yet"
        }
        return "topic \(topic) has no partition \(partition ?? 0); it has \(known.partitions.count)"
    }

    /// What brokers have not said, when none has refused or ended a connection.
    private static func silence(_ client: ClusterClient) -> String {
        let silent = client.connections.all.lazy.compactMap { connection in
            connection.lack.map { "\(connection.address): \($0)" }
        }
        return silent.first ?? "no answer"
    }

    private func timedOut(_ client: ClusterClient) -> ProducerError {
        let limit = timeout.milliseconds
        if isUnreached(client) {
            let servers = client.bootstrap.map(\.description).joined(separator: ", ")
            let reason =
                client.connections.history.lastFailure.map { "\($0.address): \($0.reason)" } ?? Self.silence(client)
            return ProducerError(
                .noBrokerReachable,
                message: "no broker of \(servers) could be reached within max.block.ms=\(limit) (\(reason)); "
                    + "check bootstrap.servers and that the broker runs"
            )
        }
        if let partition, let known = client.cluster.topics[topic] {
            return ProducerError(
                .unknownPartition,
                topic: topic,
                partition: partition,
                message: "Partition \(partition) of topic \(topic) with partition count "
                    + "\(known.partitions.count) is not present in metadata after \(limit) ms."
            )
        }
        let cause = client.directory.errors[topic]
        return ProducerError(
            cause.map { .broker($0) } ?? .timedOut,
            topic: topic,
            message: "Topic \(topic) not present in metadata after \(limit) ms."
                + (cause.map { " \($0.name): \($0.explanation)" } ?? "")
        )
    }
}
