// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The appenders of the topics that records name, one a topic, made when the first record needs it.
///
/// It is the reading thread's own: that waits here until a topic, or a partition, is known, no longer than `max.block.ms`. What
/// did not become known is remembered, so that no other record waits for it that long.
struct TopicLanes {
    private struct Lane {
        let appender: RecordAppender
        /// Partitions that did not become known.
        var missing: [Int32: ProducerError] = [:]
    }

    private let producer: KafkaProducer
    private var lanes: [String: Lane] = [:]
    /// Topics that did not become known.
    private var missing: [String: ProducerError] = [:]
    /// That of the record before: most have the same topic.
    private var current: RecordAppender?

    init(_ producer: KafkaProducer) {
        self.producer = producer
    }

    /// The appender for a record of this topic and, if the record names one, this partition.
    ///
    /// - Throws: ``ProducerError`` when topic or partition did not become known, or the wait was ended.
    @available(*, noasync)
    mutating func appender(for topic: String, partition: Int32?) throws(ProducerError) -> RecordAppender {
        if let current, current.topic == topic, Self.has(partition, current) { return current }
        let appender = try appender(for: topic)
        current = appender
        if let partition, !Self.has(partition, appender) { try waitForPartition(partition, of: topic) }
        return appender
    }

    private static func has(_ partition: Int32?, _ appender: RecordAppender) -> Bool {
        guard let partition else { return true }
        return partition >= 0 && partition < appender.partitionCount
    }

    @available(*, noasync)
    private mutating func appender(for topic: String) throws(ProducerError) -> RecordAppender {
        if let lane = lanes[topic] { return lane.appender }
        if let error = missing[topic] { throw error }
        do throws(ProducerError) {
            let appender = try producer.waitForAppender(topic: topic)
            lanes[topic] = Lane(appender: appender)
            return appender
        } catch {
            if error.isLasting { missing[topic] = error }
            throw error
        }
    }

    @available(*, noasync)
    private mutating func waitForPartition(_ partition: Int32, of topic: String) throws(ProducerError) {
        if let error = lanes[topic]?.missing[partition] { throw error }
        do throws(ProducerError) {
            try producer.waitForTopic(topic, partition: partition)
        } catch {
            if error.isLasting { lanes[topic]?.missing[partition] = error }
            throw error
        }
    }
}

extension ProducerError {
    /// Whether every record that waits for the same would meet the same fate.
    fileprivate var isLasting: Bool {
        switch code {
        case .timedOut, .broker, .noBrokerReachable, .unknownPartition: true
        default: false
        }
    }
}
