// SPDX-License-Identifier: Apache-2.0
import KafkaRecords

/// Records appended to one partition one after another under one lock and into bytes reserved once: see
/// ``RecordAppender/appendRun(to:timestamp:headers:_:)``.
public struct RecordRun: ~Copyable {
    /// What became of one record of a run.
    public enum Outcome: Sendable, Equatable {
        /// The record is in the batch.
        case appended
        /// Nothing was appended: end the run and begin another one with this record.
        case endOfRun
        /// The record can never be sent, see ``RecordRun/refusal``.
        case tooLarge
    }

    /// Why a record can never be sent.
    public struct Refusal: Sendable, Equatable {
        /// The bytes that the record takes at most, as a batch of its own.
        public let size: Int
        /// The most that a setting allows, in bytes.
        public let limit: Int
        /// That setting's key.
        public let setting: String
    }

    /// Why a run ended before its input did.
    enum End {
        /// The record has no room in what is reserved. As a batch of its own it takes up to `size` bytes.
        case noRoom(size: Int)
        /// The record cannot be in the same batch as those before it.
        case batchIsFull
    }

    var records: RecordBatchRun
    var tags = RecordTags()
    /// Key, value and header bytes of the run.
    private(set) var byteCount = 0
    private(set) var end: End?
    /// Why the last record that was too large can never be sent.
    public private(set) var refusal: Refusal?
    private let headersSize: Int
    private let headersPayloadSize: Int
    private let sizeLimit: RecordSizeLimit

    init(records: RecordBatchRun, headers: EncodedHeaders, sizeLimit: RecordSizeLimit) {
        self.records = records
        headersSize = headers.size
        headersPayloadSize = headers.payloadSize
        self.sizeLimit = sizeLimit
    }

    /// Appends a record without a key to the run.
    ///
    /// - Parameters:
    ///   - value: the serialized value.
    ///   - tag: by what reports name the record.
    ///   - output: the bytes that came with the run.
    /// - Returns: whether the record is in the batch, begins another run, or can never be sent.
    public mutating func append(
        value: Span<UInt8>,
        tag: RecordTag,
        into output: inout OutputRawSpan
    ) -> Outcome {
        guard accepts(keyCount: 0, valueCount: value.count, tag) else { return refused }
        guard records.append(value: value, into: &output) else {
            return hasNoRoom(keyCount: 0, valueCount: value.count)
        }
        return appended(value.count, tag)
    }

    /// Appends a record to the run.
    ///
    /// - Parameters:
    ///   - key: the serialized key, or `nil`.
    ///   - value: the serialized value, or `nil` for a null value.
    ///   - tag: by what reports name the record.
    ///   - output: the bytes that came with the run.
    /// - Returns: whether the record is in the batch, begins another run, or can never be sent.
    public mutating func append(
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        tag: RecordTag,
        into output: inout OutputRawSpan
    ) -> Outcome {
        let keyCount = if let key { key.count } else { 0 }
        let valueCount = if let value { value.count } else { 0 }
        guard accepts(keyCount: keyCount, valueCount: valueCount, tag) else { return refused }
        guard records.append(key: key, value: value, into: &output) else {
            return hasNoRoom(keyCount: keyCount, valueCount: valueCount)
        }
        return appended(keyCount &+ valueCount, tag)
    }

    @inline(__always)
    private mutating func accepts(keyCount: Int, valueCount: Int, _ tag: RecordTag) -> Bool {
        let size = upperBound(keyCount, valueCount)
        guard size <= sizeLimit.bytes else {
            refuse(size)
            return false
        }
        guard tags.accepts(tag) else {
            (end, refusal) = (.batchIsFull, nil)
            return false
        }
        return true
    }

    private mutating func refuse(_ size: Int) {
        refusal = sizeLimit.refusal(ofSize: size).map { Refusal(size: size, limit: $0.limit, setting: $0.setting) }
    }

    private var refused: Outcome { refusal == nil ? .endOfRun : .tooLarge }

    private mutating func hasNoRoom(keyCount: Int, valueCount: Int) -> Outcome {
        end = .noRoom(size: upperBound(keyCount, valueCount))
        return .endOfRun
    }

    @inline(__always)
    private mutating func appended(_ bytes: Int, _ tag: RecordTag) -> Outcome {
        tags.append(tag)
        byteCount &+= bytes &+ headersPayloadSize
        return .appended
    }

    @inline(__always)
    private func upperBound(_ keyCount: Int, _ valueCount: Int) -> Int {
        RecordBatchBuilder.sizeUpperBound(keyCount: keyCount, valueCount: valueCount, headersSize: headersSize)
    }
}
