// SPDX-License-Identifier: Apache-2.0

/// Records of text, of buffers, and of spans. For null keys and values, and for what is at hand as `[UInt8]`, there is
/// ``ProducerRecord/init(topic:partition:key:value:headers:timestamp:)``.
extension ProducerRecord {
    /// A record whose key and value are text, a `ByteBuffer`, or bytes.
    ///
    /// - Parameters:
    ///   - topic: the topic to send to.
    ///   - partition: the partition to send to. Default: the partitioner chooses.
    ///   - key: the key.
    ///   - value: the value; `nil` for a null value.
    ///   - headers: the headers. Default: none.
    ///   - timestamp: milliseconds since 1970. Default: the time of sending.
    public init<Value: RecordBytes>(
        topic: String,
        partition: Int32? = nil,
        key: some RecordBytes,
        value: Value?,
        headers: [ProducerRecordHeader] = [],
        timestamp: Int64? = nil
    ) {
        let (key, value): ([UInt8]?, [UInt8]?) = (key.recordBytes, value?.recordBytes)
        self.init(
            topic: topic,
            partition: partition,
            key: key,
            value: value,
            headers: headers,
            timestamp: timestamp
        )
    }

    /// A record without a key, whose value is text, a `ByteBuffer`, or bytes.
    ///
    /// - Parameters:
    ///   - topic: the topic to send to.
    ///   - partition: the partition to send to. Default: the partitioner chooses.
    ///   - value: the value.
    ///   - headers: the headers. Default: none.
    ///   - timestamp: milliseconds since 1970. Default: the time of sending.
    public init(
        topic: String,
        partition: Int32? = nil,
        value: some RecordBytes,
        headers: [ProducerRecordHeader] = [],
        timestamp: Int64? = nil
    ) {
        let bytes: [UInt8]? = value.recordBytes
        self.init(
            topic: topic,
            partition: partition,
            key: nil,
            value: bytes,
            headers: headers,
            timestamp: timestamp
        )
    }

    /// A record whose key and value are copied out of spans.
    ///
    /// An appender takes spans without a copy: ``RecordAppender/append(key:value:details:)``.
    ///
    /// - Parameters:
    ///   - topic: the topic to send to.
    ///   - partition: the partition to send to. Default: the partitioner chooses.
    ///   - key: the key; `nil` for none.
    ///   - value: the value; `nil` for a null value.
    ///   - headers: the headers. Default: none.
    ///   - timestamp: milliseconds since 1970. Default: the time of sending.
    public init(
        topic: String,
        partition: Int32? = nil,
        copyingKey key: Span<UInt8>?,
        value: Span<UInt8>?,
        headers: [ProducerRecordHeader] = [],
        timestamp: Int64? = nil
    ) {
        self.init(
            topic: topic,
            partition: partition,
            key: Self.bytes(key),
            value: Self.bytes(value),
            headers: headers,
            timestamp: timestamp
        )
    }

    private static func bytes(_ span: Span<UInt8>?) -> [UInt8]? {
        guard let span else { return nil }
        return [UInt8](capacity: span.count) { output in
            for index in span.indices { output.append(span[index]) }
        }
    }
}

extension ProducerRecordHeader {
    /// A header whose value is text, a `ByteBuffer`, or bytes.
    ///
    /// - Parameters:
    ///   - name: the header's name.
    ///   - value: the header's value.
    public init(name: String, value: some RecordBytes) {
        let bytes: [UInt8]? = value.recordBytes
        self.init(name: name, value: bytes)
    }
}
