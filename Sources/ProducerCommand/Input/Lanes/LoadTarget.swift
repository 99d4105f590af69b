// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Where the records of a load go: to one topic, or each to the topic that it names.
struct LoadTarget {
    /// That of the one topic.
    let appender: RecordAppender?
    private var topics: TopicLanes?
    private var last: RecordAppender?

    /// All records go to the topic of this appender.
    init(_ appender: RecordAppender) {
        self.appender = appender
        last = appender
    }

    /// Each record goes to a topic of its own.
    init(topicsOf producer: KafkaProducer) {
        appender = nil
        topics = TopicLanes(producer)
    }

    /// The appender of a topic, once the topic, and the partition, is known.
    @available(*, noasync)
    mutating func appender(for topic: Span<UInt8>, partition: Int32?) throws(ProducerError) -> RecordAppender? {
        let found = try topics?.appender(for: topic, partition: partition)
        last = found
        return found
    }

    /// The appender of a topic that records went to.
    func known(_ topic: String) -> RecordAppender? { appender ?? topics?.known(topic) }

    /// Waits until everything is delivered or has failed.
    @available(*, noasync)
    func flush() { last?.flushAndWait() }
}
