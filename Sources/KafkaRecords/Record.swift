// SPDX-License-Identifier: Apache-2.0
public import NIOCore

/// A record read out of a batch; key, value and header values are slices of the batch's memory.
public struct Record: Sendable, Hashable {
    /// The record's offset less the batch's base offset.
    public var offsetDelta: Int32
    /// The record's timestamp less the batch's base timestamp, in milliseconds.
    public var timestampDelta: Int64
    /// The key, nil for null.
    public var key: ByteBuffer?
    /// The value, nil for null.
    public var value: ByteBuffer?
    /// The headers in their order.
    public var headers: [RecordHeader]

    /// A record of these parts.
    public init(
        offsetDelta: Int32,
        timestampDelta: Int64,
        key: ByteBuffer?,
        value: ByteBuffer?,
        headers: [RecordHeader] = []
    ) {
        self.offsetDelta = offsetDelta
        self.timestampDelta = timestampDelta
        self.key = key
        self.value = value
        self.headers = headers
    }
}

extension RecordBatchHeader {
    /// The offset in its partition of a record of this batch.
    public func offset(of record: Record) -> Int64 { baseOffset &+ Int64(record.offsetDelta) }

    /// The timestamp of a record of this batch, in milliseconds since 1970: its own, or the broker's for the whole batch.
    public func timestamp(of record: Record) -> Int64 {
        switch timestampType {
        case .createTime: baseTimestamp &+ record.timestampDelta
        case .logAppendTime: maxTimestamp
        }
    }
}
