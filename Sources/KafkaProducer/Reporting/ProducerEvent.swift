// SPDX-License-Identifier: Apache-2.0
public import KafkaClient
public import KafkaProtocol

/// Something that happened beside deliveries and that a person watching a load may want to know.
///
/// Later versions may report more: a `switch` outside of this package needs `@unknown default`.
@nonexhaustive
public enum ProducerEvent: Sendable {
    /// A connection is ready to take requests.
    case brokerConnected(BrokerAddress)
    /// A connection could not be made; the next attempt follows after `retryIn`.
    case brokerUnreachable(BrokerAddress, reason: String, retryIn: Duration)
    /// What takes connections at this address is no broker's plain-text listener. Reported once.
    case listenerMismatch(BrokerAddress, ListenerMismatch)
    /// A connection that had been ready ended.
    case brokerDisconnected(BrokerAddress, reason: String)
    /// The cluster answered a metadata request for the topic with an error.
    case topicUnavailable(topic: String, ErrorCode)
    /// A topic was deleted and made again: records that wait get partitions of the new one.
    case topicReplaced(topic: String, partitionCount: Int, formerPartitionCount: Int)
    /// Records wait for a partition that has no leader.
    case leaderMissing(topic: String, partition: Int32)
    /// A batch failed for a reason that may pass, and will be sent again.
    case batchRetrying(topic: String, partition: Int32, ErrorCode, attempt: Int, retryIn: Duration)
    /// A batch was too large for the broker and was divided into several.
    case batchSplit(topic: String, partition: Int32, into: Int)
    /// The broker asks to wait before the next request (KIP-219).
    case throttled(BrokerAddress, Duration)
    /// A token or ticket could not be replaced by the next one, which is tried again after `retryIn`. The one that is there is
    /// used as long as it holds.
    case loginRefreshFailed(reason: String, retryIn: Duration)
    /// A token or ticket could be replaced, after failures.
    case loginRefreshed
    /// No known broker could be used, so that `bootstrap.servers` is asked again (KIP-899).
    case rebootstrapping
    /// The idempotent producer has this id and epoch now.
    case producerIDAssigned(id: Int64, epoch: Int16)
    /// A transaction is committed, counted from 1: so many records that were reported as delivered within it count now.
    case transactionCommitted(number: Int, records: Int)
    /// A transaction is aborted, counted from 1: so many records that were reported as delivered within it do not count.
    case transactionAborted(number: Int, records: Int)
}
