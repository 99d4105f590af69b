// SPDX-License-Identifier: Apache-2.0

// WriteTxnMarkers: ends transactions in the logs of partitions; for brokers and administrators alone (KIP-98).
//
//  1  flexible; the oldest version of Kafka 4
//  2  the version of the transaction's protocol (KIP-1228)

/// Asks the leaders of partitions to append the markers of transactions.
public struct WriteTransactionMarkersRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = WriteTransactionMarkersResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.writeTransactionMarkers
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 1...2

    /// The markers.
    public var markers: [Marker]

    /// A request with Kafka's defaults for what is not given.
    public init(markers: [Marker] = []) {
        self.markers = markers
    }

    /// Nothing but defaults.
    public init() {
        self.init(markers: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("markers", &markers)
    }
}

extension WriteTransactionMarkersRequest {
    /// The end of one transaction.
    public struct Marker: FieldStructure {
        /// The producer's id.
        public var producerID: Int64
        /// The producer's epoch.
        public var producerEpoch: Int16
        /// Whether the transaction is committed.
        public var transactionResult: Bool
        /// The partitions that get the marker.
        public var topics: [Topic]
        /// The coordinator's epoch, by which leaders know one that was replaced.
        public var coordinatorEpoch: Int32
        /// The version of the transaction's protocol, from version 2 on.
        public var transactionVersion: Int8

        /// A marker with Kafka's defaults for what is not given.
        public init(
            producerID: Int64 = 0,
            producerEpoch: Int16 = 0,
            transactionResult: Bool = false,
            topics: [Topic] = [],
            coordinatorEpoch: Int32 = 0,
            transactionVersion: Int8 = 0
        ) {
            self.producerID = producerID
            self.producerEpoch = producerEpoch
            self.transactionResult = transactionResult
            self.topics = topics
            self.coordinatorEpoch = coordinatorEpoch
            self.transactionVersion = transactionVersion
        }

        /// Nothing but defaults.
        public init() {
            self.init(producerID: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("producerId", &producerID)
            try coder.field("producerEpoch", &producerEpoch)
            try coder.field("transactionResult", &transactionResult)
            try coder.field("topics", &topics)
            try coder.field("coordinatorEpoch", &coordinatorEpoch)
            try coder.field("transactionVersion", &transactionVersion, since: 2)
        }
    }

    /// Partitions of one topic.
    public typealias Topic = TopicPartitionIndexes
}

/// Tells which markers were appended.
public struct WriteTransactionMarkersResponse: KafkaResponse {
    /// What this answers.
    public typealias Request = WriteTransactionMarkersRequest

    /// The results of each marker.
    public var markers: [MarkerResult]

    /// A response with Kafka's defaults for what is not given.
    public init(markers: [MarkerResult] = []) {
        self.markers = markers
    }

    /// Nothing but defaults.
    public init() {
        self.init(markers: [])
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("markers", &markers)
    }
}

extension WriteTransactionMarkersResponse {
    /// How it went for one marker.
    public struct MarkerResult: FieldStructure {
        /// The producer's id.
        public var producerID: Int64
        /// The results of each topic.
        public var topics: [TopicResult]

        /// A result with Kafka's defaults for what is not given.
        public init(producerID: Int64 = 0, topics: [TopicResult] = []) {
            self.producerID = producerID
            self.topics = topics
        }

        /// Nothing but defaults.
        public init() {
            self.init(producerID: 0)
        }

        /// Leads `coder` through the fields.
        public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
            try coder.field("producerId", &producerID)
            try coder.field("topics", &topics)
        }
    }

    /// How it went for one topic.
    public typealias TopicResult = TopicEntry<PartitionResult>

    /// How it went for one partition.
    public typealias PartitionResult = PartitionError
}
