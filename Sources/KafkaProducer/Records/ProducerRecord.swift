// SPDX-License-Identifier: Apache-2.0

/// One message to send: where it goes and what it says.
///
/// Bytes are sent as they are. A `nil` value is a tombstone; an empty value is a value.
public struct ProducerRecord: Sendable, Equatable {
    /// The topic to send to.
    public var topic: String
    /// The partition to send to, or `nil` to let the partitioner choose. Default: `nil`.
    public var partition: Int32?
    /// The key, or `nil` for none. Records of one key go to one partition. Default: `nil`.
    public var key: [UInt8]?
    /// The value, or `nil` for a null value (a tombstone).
    public var value: [UInt8]?
    /// Headers, in order; names may repeat. Default: none.
    public var headers: [ProducerRecordHeader]
    /// Milliseconds since 1970 (UTC), or `nil` for the time of sending. Default: `nil`.
    public var timestamp: Int64?

    /// A record for `topic`.
    public init(
        topic: String,
        partition: Int32? = nil,
        key: [UInt8]? = nil,
        value: [UInt8]?,
        headers: [ProducerRecordHeader] = [],
        timestamp: Int64? = nil
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }
}

/// A header of a record: a name and a value that may be null (KIP-82).
public struct ProducerRecordHeader: Sendable, Equatable {
    /// The header's name; it may repeat within a record.
    public var name: String
    /// The header's bytes, or `nil` for a null value.
    public var value: [UInt8]?

    /// A header of `name` and `value`.
    public init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}
