// SPDX-License-Identifier: Apache-2.0
public import KafkaRecords

/// What belongs to a record beside its key and its value.
public struct RecordDetails: Sendable {
    /// The partition that the record names, or `nil` to have one chosen. Default: `nil`.
    public var partition: Int32?
    /// The record's headers. Default: none.
    public var headers: EncodedHeaders
    /// Milliseconds since 1970.
    public var timestamp: Int64
    /// By what the caller knows the record again in reports. Default: none.
    public var tag: RecordTag?
    /// Called once, on the producer's event loop, when the record is delivered or has failed. Default: not called.
    public var completion: (@Sendable (Result<RecordMetadata, ProducerError>) -> Void)?

    /// The details of a record of this time.
    public init(
        partition: Int32? = nil,
        headers: EncodedHeaders = .none,
        timestamp: Int64,
        tag: RecordTag? = nil,
        completion: (@Sendable (Result<RecordMetadata, ProducerError>) -> Void)? = nil
    ) {
        self.partition = partition
        self.headers = headers
        self.timestamp = timestamp
        self.tag = tag
        self.completion = completion
    }
}
