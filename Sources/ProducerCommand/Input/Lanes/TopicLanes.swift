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
    /// Some topics that records had, by the bytes of their names.
    private var recent: [(name: [UInt8], appender: RecordAppender)] = []
    /// Where in these the topic of the record before is.
    private var place = 0

    /// As many are looked through before a table is.
    private static let recentLimit = 16

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

    /// The same for a name by its bytes: for a topic that records had before, nothing is allocated.
    @available(*, noasync)
    mutating func appender(for name: Span<UInt8>, partition: Int32?) throws(ProducerError) -> RecordAppender {
        if place < recent.count, Self.isSame(recent[place].name, name), Self.has(partition, recent[place].appender) {
            return recent[place].appender
        }
        for index in recent.indices where Self.isSame(recent[index].name, name) {
            guard Self.has(partition, recent[index].appender) else { break }
            place = index
            return recent[index].appender
        }
        let bytes = name.copy(0..<name.count)
        let appender = try appender(for: String(decoding: bytes, as: UTF8.self), partition: partition)
        if recent.count < Self.recentLimit, !recent.contains(where: { $0.name == bytes }) {
            recent.append((bytes, appender))
        }
        return appender
    }

    /// The appender of a topic that is known already.
    func known(_ topic: String) -> RecordAppender? { lanes[topic]?.appender }

    private static func isSame(_ known: [UInt8], _ name: Span<UInt8>) -> Bool {
        known.count == name.count && name.hasBytes(known, at: 0)
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
