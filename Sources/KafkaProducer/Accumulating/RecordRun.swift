// SPDX-License-Identifier: Apache-2.0
public import KafkaProtocol

/// Records appended to one partition one after another under one lock: see ``RecordAppender/appendRun(timestamp:_:)``.
public struct RecordRun: ~Copyable {
    /// What became of one record of a run.
    public enum Outcome: Sendable, Equatable {
        /// The record is in the batch.
        case appended
        /// Nothing was appended: end the run and begin another one with this record.
        case endOfRun
        /// The record can never be sent: it is larger than `setting` allows.
        case tooLarge(size: Int, limit: Int, setting: String)
    }

    enum End {
        case batchIsFull
        case memoryIsFull(needed: Int)
    }

    var batch: OpenBatch
    private(set) var end: End?
    private let timestamp: Int64
    private let accumulator: RecordAccumulator
    private let largestRecord: Int

    init(batch: consuming OpenBatch, timestamp: Int64, accumulator: RecordAccumulator) {
        self.batch = batch
        self.timestamp = timestamp
        self.accumulator = accumulator
        largestRecord = min(accumulator.limits.maxRequestSize, accumulator.pool.capacity)
    }

    /// Appends a record to the run.
    ///
    /// - Parameters:
    ///   - key: the serialized key, or `nil`.
    ///   - value: the serialized value, or `nil` for a null value.
    ///   - headers: the record's headers.
    ///   - position: where the record came from.
    /// - Returns: whether the record is in the batch, begins another run, or can never be sent.
    public mutating func append(
        key: Span<UInt8>? = nil,
        value: Span<UInt8>?,
        headers: EncodedHeaders,
        position: RecordPosition
    ) -> Outcome {
        let bound = RecordBatchBuilder.sizeUpperBound(
            keyCount: key?.count ?? 0,
            valueCount: value?.count ?? 0,
            headersSize: headers.size
        )
        if bound > largestRecord {
            guard let refusal = accumulator.refusal(ofSize: bound) else { return .endOfRun }
            return .tooLarge(size: bound, limit: refusal.limit, setting: refusal.setting)
        }
        if batch.append(key: key, value: value, headers: headers, timestamp: timestamp, position: position) {
            return .appended
        }
        let pool = accumulator.pool
        if batch.grow(by: accumulator.limits.batchSize, forRecordOf: bound, reserve: { pool.reserve($0) }),
            batch.append(key: key, value: value, headers: headers, timestamp: timestamp, position: position)
        {
            return .appended
        }
        end = batch.isEmpty ? .memoryIsFull(needed: bound) : .batchIsFull
        return .endOfRun
    }

    consuming func finish() -> OpenBatch { batch }
}
