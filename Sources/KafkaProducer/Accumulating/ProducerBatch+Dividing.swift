// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

extension ProducerBatch {
    /// The same records in batches of at most `batch.size`: for a batch that the broker
    /// found too large. One that is within `batch.size` is divided in the middle, since its topic takes less than that.
    /// The parts keep its id and its age.
    ///
    /// - Throws: ``ProducerError`` when the records cannot be read back.
    func divided(limits: RecordAccumulator.Limits) throws(ProducerError) -> [ProducerBatch] {
        let records = try readRecords()
        var parts = parts(of: records, at: records.indices, cut: nil, to: queue, batchSize: limits.batchSize)
        if parts.count == 1, records.count > 1 {
            let cut = records.count / 2
            parts = self.parts(of: records, at: records.indices, cut: cut, to: queue, batchSize: limits.batchSize)
        }
        return parts
    }

    /// Those of its records that stand at `indices`, in batches of another partition; they keep its id and its age.
    func parts(
        of records: [ProducerRecord],
        at indices: [Int],
        to queue: PartitionQueue,
        batchSize: Int
    ) -> [ProducerBatch] {
        parts(of: records, at: indices, cut: nil, to: queue, batchSize: batchSize)
    }

    /// Batches of at most `batch.size`, of which none reaches across the record at `cut`.
    private func parts(
        of records: [ProducerRecord],
        at indices: some Collection<Int>,
        cut: Int?,
        to queue: PartitionQueue,
        batchSize: Int
    ) -> [ProducerBatch] {
        var parts: [ProducerBatch] = []
        var open: OpenBatch?
        for index in indices {
            let record = records[index]
            let headers = record.headers.isEmpty ? EncodedHeaders.none : EncodedHeaders(record.headers)
            if var batch = open.take() {
                if index != cut, append(record, index, headers, to: &batch) {
                    open = consume batch
                    continue
                }
                parts.append(ProducerBatch(closing: batch, queue: queue))
            }
            // The first record of a batch always fits.
            let size = RecordBatchBuilder.sizeUpperBound(
                keyCount: record.key?.count ?? 0,
                valueCount: record.value?.count ?? 0,
                headersSize: headers.size
            )
            var batch = OpenBatch(
                id: id,
                createdAt: createdAt,
                buffer: ByteBuffer(),
                reservedBytes: max(size, batchSize),
                readySize: max(size, batchSize),
                writeLimit: max(size, batchSize),
                expectedRatio: 1
            )
            _ = append(record, index, headers, to: &batch)
            open = consume batch
        }
        if let batch = open.take() { parts.append(ProducerBatch(closing: batch, queue: queue)) }
        return parts
    }

    private func append(
        _ record: ProducerRecord,
        _ index: Int,
        _ headers: EncodedHeaders,
        to batch: inout OpenBatch
    ) -> Bool {
        let isAppended = withOptionalSpan(record.key) { key in
            withOptionalSpan(record.value) { value in
                batch.append(
                    key: key,
                    value: value,
                    headers: headers,
                    timestamp: record.timestamp ?? -1,
                    tag: tags[index]
                )
            }
        }
        guard isAppended else { return false }
        batch.named.append(1, isNamed: named.contains(index))
        let place = Int(batch.builder.recordCount) - 1
        for pending in completions where pending.index == index {
            batch.completions.append(
                PendingCompletion(index: place, timestamp: pending.timestamp, complete: pending.complete)
            )
        }
        return true
    }
}
