// SPDX-License-Identifier: Apache-2.0

/// A record batch that kafka-clients 4.3.0 wrote, with the records that went into it.
public struct RecordBatchVector: Decodable, Sendable {
    /// A header of a record; bytes are hexadecimal digits.
    public struct Header: Decodable, Equatable, Sendable {
        /// The header's name.
        public var key: String
        /// Its value, nil for null.
        public var value: String?

        /// A header.
        public init(key: String, value: String?) {
            (self.key, self.value) = (key, value)
        }
    }

    /// A record; bytes are hexadecimal digits.
    public struct Record: Decodable, Equatable, Sendable {
        /// Milliseconds since 1970.
        public var timestamp: Int64
        /// The key, nil for null.
        public var key: String?
        /// The value, nil for null.
        public var value: String?
        /// The headers in their order.
        public var headers: [Header]

        /// A record.
        public init(timestamp: Int64, key: String?, value: String?, headers: [Header]) {
            (self.timestamp, self.key, self.value, self.headers) = (timestamp, key, value, headers)
        }
    }

    /// Kafka's word for the codec, or `none`.
    public var codec: String
    /// The producer's id, -1 for none.
    public var producerId: Int64
    /// The producer's epoch, -1 for none.
    public var producerEpoch: Int16
    /// The first record's sequence number, -1 for none.
    public var baseSequence: Int32
    /// Whether the batch belongs to a transaction.
    public var transactional: Bool
    /// What went into the batch.
    public var records: [Record]
    /// The batch, in hexadecimal digits.
    public var hex: String

    /// The batch.
    public var bytes: [UInt8] { [UInt8](hex: hex) }

    /// All batches of the folder that `KAFKA_VECTORS` names, or of the fixtures.
    ///
    /// - Throws: Whatever reading and decoding throw.
    public static func all() throws -> [RecordBatchVector] {
        try file.get()
    }

    private static let file = Result {
        try VectorFolder.load("record_batches.json", in: .module, as: [RecordBatchVector].self)
    }
}
