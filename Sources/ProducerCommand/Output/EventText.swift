// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// What `-v` says about the producer's events.
enum EventText {
    static func line(_ event: ProducerEvent) -> String {
        switch event {
        case .brokerConnected(let address):
            "connected to \(address)"
        case .brokerUnreachable(let address, let reason, let delay):
            "cannot reach \(address): \(reason); next attempt in \(milliseconds(delay)) ms"
        case .listenerMismatch(let address, let mismatch):
            "\(address) \(mismatch)"
        case .brokerDisconnected(let address, let reason):
            "disconnected from \(address): \(reason)"
        case .topicUnavailable(let topic, let error):
            "topic \(topic): \(error.name)"
        case .topicReplaced(let topic, let count, let former):
            "topic \(topic) was deleted and made again with \(count) partition\(count == 1 ? "" : "s") (it had \(former)); "
                + "records that wait get partitions of the new topic"
        case .leaderMissing(let topic, let partition):
            "\(topic)-\(partition) has no leader; its records wait"
        case .batchRetrying(let topic, let partition, let error, let attempt, let delay):
            "\(topic)-\(partition): \(error.name) on attempt \(attempt); next attempt in \(milliseconds(delay)) ms"
        case .batchSplit(let topic, let partition, let count):
            "\(topic)-\(partition): a batch was too large for the broker and is sent as \(count)"
        case .throttled(let address, let delay):
            "\(address) asks to wait for \(milliseconds(delay)) ms"
        case .loginRefreshFailed(let reason, let delay):
            "the login could not be refreshed: \(reason); next attempt in \(milliseconds(delay)) ms"
        case .loginRefreshed:
            "the login is refreshed again"
        case .rebootstrapping:
            "no known broker is left; asking bootstrap.servers again"
        case .producerIDAssigned(let id, let epoch):
            "producer id \(id), epoch \(epoch)"
        case .transactionCommitted(let number, let records):
            "transaction \(number) is committed: \(records) record\(records == 1 ? "" : "s")"
        case .transactionAborted(let number, let records):
            "transaction \(number) is aborted: \(records) written record\(records == 1 ? "" : "s") taken back"
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        Int64(duration / .milliseconds(1))
    }
}
