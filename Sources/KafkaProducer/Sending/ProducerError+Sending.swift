// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol

extension ProducerError {
    static let closedProducer = ProducerError(.closed, message: "the producer is closed")
    static let closedForcefully = ProducerError(.closed, message: "Producer is closed forcefully.")

    /// The task that waited was cancelled.
    ///
    /// - Parameter outcome: What becomes of what it waited for.
    /// - Returns: The error.
    static func cancelled(_ outcome: String) -> ProducerError {
        ProducerError(.interrupted, message: "the task was cancelled: \(outcome)")
    }

    /// An earlier record of the partition failed, and later ones must not overtake it.
    static func stopped(topic: String, partition: Int32) -> ProducerError {
        ProducerError(
            .partitionStopped,
            topic: topic,
            partition: partition,
            message: "not sent, since an earlier record of this partition failed and must not be overtaken"
        )
    }

    /// What becomes of a batch that may be stored or not.
    static func sentUnknown(_ queue: PartitionQueue, _ reason: String) -> ProducerError {
        ProducerError(
            .sentUnknown,
            topic: queue.topic,
            partition: queue.partition,
            message: "sent with acks=0, and not confirmed: it may be stored or not (\(reason))"
        )
    }

    /// The same failure, of one partition.
    func at(_ queue: PartitionQueue) -> ProducerError {
        ProducerError(code, topic: queue.topic, partition: queue.partition, broker: broker, message: message)
    }
}

extension ClusterClient {
    /// Why the cluster will never take anything for a topic; nil when it may.
    func refusal(of topic: String) -> ProducerError? {
        guard !directory.errors.isEmpty, let error = directory.errors[topic], !error.isRetriable else { return nil }
        return ProducerError(.broker(error), topic: topic, message: "\(error.name): \(error.explanation)")
    }
}
