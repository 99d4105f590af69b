// SPDX-License-Identifier: Apache-2.0
public import KafkaClient
public import KafkaProtocol

/// Why records could not be read: what failed, where, and what to do.
public struct ReaderError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure. Later versions may know more kinds.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the kind, such as `OFFSET_OUT_OF_RANGE`.
        public let description: String

        private init(_ name: String) { description = name }

        /// A setting or an argument asks for something that is not possible.
        public static let configuration = Code("CONFIGURATION")
        /// The cluster has no such topic.
        public static let unknownTopic = Code("UNKNOWN_TOPIC")
        /// The topic has no such partition.
        public static let unknownPartition = Code("UNKNOWN_PARTITION")
        /// The topic was deleted while it was read, and another one has its name.
        public static let topicReplaced = Code("TOPIC_REPLACED")
        /// The partition does not hold the offset that was asked for.
        public static let offsetOutOfRange = Code("OFFSET_OUT_OF_RANGE")
        /// What a broker sent is damaged, or is larger than the limits allow.
        public static let damagedRecords = Code("DAMAGED_RECORDS")
        /// A broker refused, for the reason in ``ReaderError/brokerError``.
        public static let refused = Code("REFUSED")
        /// The broker speaks no version of a request that reading needs.
        public static let unsupportedVersion = Code("UNSUPPORTED_VERSION")
        /// No address of `bootstrap.servers` is a broker's listener that can be used.
        public static let noListener = Code("NO_LISTENER")
        /// Nothing could be read for as long as ``ReaderConfiguration/timeout`` allows.
        public static let timedOut = Code("TIMED_OUT")
        /// The task that waited was cancelled.
        public static let cancelled = Code("CANCELLED")
        /// Two tasks waited for the same partition's records at a time.
        public static let concurrentUse = Code("CONCURRENT_USE")
        /// The reader is closed.
        public static let closed = Code("CLOSED")
    }

    /// The kind of failure.
    public let code: Code
    /// The topic it concerns, if one.
    public let topic: String?
    /// The partition it concerns, if one.
    public let partition: Int32?
    /// The broker it concerns, if one.
    public let broker: BrokerAddress?
    /// What a broker answered, for a failure of code ``Code/refused``.
    public let brokerError: ErrorCode?
    /// One sentence: what failed and what to do.
    public let message: String

    init(
        _ code: Code,
        at place: (topic: String, partition: Int32?)? = nil,
        broker: BrokerAddress? = nil,
        brokerError: ErrorCode? = nil,
        _ message: String
    ) {
        self.code = code
        topic = place?.topic
        partition = place?.partition
        self.broker = broker
        self.brokerError = brokerError
        self.message = message
    }

    /// One line: place and message.
    public var description: String {
        var place = ""
        if let topic {
            place = if let partition { "\(topic)-\(partition)" } else { topic }
        }
        if let broker { place += place.isEmpty ? "\(broker)" : " at \(broker)" }
        return place.isEmpty ? message : "\(place): \(message)"
    }
}
