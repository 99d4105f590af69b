// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import Synchronization

extension RecordAccumulator {
    /// What became of a record.
    enum AppendResult {
        /// In a batch, which grew by about `bytes` on the wire.
        case appended(bytes: Int)
        /// Not appended: the open batch was full and is closed. Only if the caller may go elsewhere.
        case batchClosed(bytes: Int)
        /// No memory: wait for `needed` bytes and try again.
        case full(needed: Int)
        /// Another topic has taken the name: look for its queues.
        case retired
        case tooLarge(size: Int, limit: Int, setting: String)
    }

    /// Appends one record to the open batch of `queue`, opening one if there is none or if it does not fit.
    ///
    /// From a sticky partition the caller would rather move to another one than begin a second batch here.
    func append(
        to queue: PartitionQueue,
        as origin: PartitionChoice.Origin,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        details: RecordDetails,
        reservation: inout Int
    ) -> AppendResult {
        let bound = RecordBatchBuilder.sizeUpperBound(
            keyCount: key?.count ?? 0,
            valueCount: value?.count ?? 0,
            headersSize: details.headers.size
        )
        if let refusal = recordSizeLimit.refusal(ofSize: bound) {
            return .tooLarge(size: bound, limit: refusal.limit, setting: refusal.setting)
        }
        let mayMove = origin == .sticky
        var closed: ProducerBatch?
        var opened = false
        var listed = false
        var size: Int?
        var unused = 0
        var isRetired = false
        queue.appending.withLock { _ in
            queue.state.withLock { state in
                isRetired = state.isRetired
                guard !isRetired else { return }
                if var open = state.open.take() {
                    let before = open.estimatedSize
                    if append(to: &open, key, value, details, bound, &reservation) {
                        size = open.estimatedSize - before
                        open.named.append(1, isNamed: origin == .named)
                        state.open = consume open
                        return
                    }
                    state.open = consume open
                    unused = max(0, limits.batchSize - before)
                    closed = state.closeOpenBatch(of: queue)
                }
                if closed == nil || !mayMove, var open = openBatch(for: queue, reservation: &reservation) {
                    if append(to: &open, key, value, details, bound, &reservation) {
                        size = open.estimatedSize
                        open.named.append(1, isNamed: origin == .named)
                        state.open = consume open
                        opened = true
                    } else {
                        discard(open)
                    }
                }
                if closed != nil || opened {
                    listed = !state.isListed
                    state.isListed = true
                }
            }
        }
        guard !isRetired else { return .retired }
        if closed != nil || opened { settle(queue, closed: closed, opened: opened, listed: listed) }
        if let size { return .appended(bytes: size) }
        return closed != nil && mayMove ? .batchClosed(bytes: unused) : .full(needed: max(bound, openingSize))
    }

    private func append(
        to open: inout OpenBatch,
        _ key: Span<UInt8>?,
        _ value: Span<UInt8>?,
        _ details: RecordDetails,
        _ bound: Int,
        _ reservation: inout Int
    ) -> Bool {
        if !Self.append(to: &open, key, value, details) {
            guard open.grow(by: limits.batchSize, forRecordOf: bound, reserve: { reserve($0, from: &reservation) }),
                Self.append(to: &open, key, value, details)
            else { return false }
        }
        if let completion = details.completion {
            let index = Int(open.builder.recordCount) - 1
            open.completions.append(
                PendingCompletion(index: index, timestamp: details.timestamp, complete: completion)
            )
        }
        return true
    }

    @inline(__always)
    private static func append(
        to open: inout OpenBatch,
        _ key: Span<UInt8>?,
        _ value: Span<UInt8>?,
        _ details: RecordDetails
    ) -> Bool {
        open.append(
            key: key,
            value: value,
            headers: details.headers,
            timestamp: details.timestamp,
            position: details.position
        )
    }
}
