// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

extension ProducerBatch {
    /// The same records in batches of at most `batch.size`, with consecutive sequences: for a batch that the broker
    /// found too large. One that is within `batch.size` is divided in the middle, since its topic takes less than that.
    /// The parts keep its id and its age.
    ///
    /// - Throws: ``ProducerError`` when the records cannot be read back.
    func divided(limits: RecordAccumulator.Limits) throws(ProducerError) -> [ProducerBatch] {
        let records = try readRecords()
        var parts = parts(of: records, cut: nil, limits: limits)
        if parts.count == 1, records.count > 1 {
            parts = self.parts(of: records, cut: records.count / 2, limits: limits)
        }
        shareSequence(among: parts)
        return parts
    }

    /// Batches of at most `batch.size`, of which none reaches across the record at `cut`.
    private func parts(of records: [ProducerRecord], cut: Int?, limits: RecordAccumulator.Limits) -> [ProducerBatch] {
        var parts: [ProducerBatch] = []
        var open: OpenBatch?
        for (index, record) in records.enumerated() {
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
                reservedBytes: max(size, limits.batchSize),
                writeLimit: max(size, limits.batchSize),
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
                    position: positions[index]
                )
            }
        }
        guard isAppended else { return false }
        let place = Int(batch.builder.recordCount) - 1
        for pending in completions where pending.index == index {
            batch.completions.append(
                PendingCompletion(index: place, timestamp: pending.timestamp, complete: pending.complete)
            )
        }
        return true
    }

    /// The parts take over the batch's sequences and its age.
    private func shareSequence(among parts: [ProducerBatch]) {
        var next = sequence
        for part in parts {
            part.sequence = next
            if let base = next?.baseSequence { next?.baseSequence = Sequence.advance(base, by: part.recordCount) }
        }
    }
}
