// SPDX-License-Identifier: Apache-2.0
import KafkaRecords
import NIOCore

extension ProducerBatch {
    /// The records, read back out of the batch's own bytes: for dividing it. None is there before the batch is sealed.
    func readRecords() throws(ProducerError) -> [ProducerRecord] {
        try sealed?.producerRecords(topic: queue.topic, partition: queue.partition) ?? []
    }

    /// Calls `body` with the index of each record, the record and its timestamp. None is there before the batch is sealed.
    func withRecords(_ body: (Int, Record, Int64) -> Void) throws(ProducerError) {
        try sealed?.withRecords(topic: queue.topic, partition: queue.partition, body)
    }
}

extension SealedRecordBatch {
    /// The records, for the topic and the partition of the batch.
    func producerRecords(topic: String, partition: Int32) throws(ProducerError) -> [ProducerRecord] {
        var result: [ProducerRecord] = []
        result.reserveCapacity(Int(header.recordCount))
        try withRecords(topic: topic, partition: partition) { _, record, timestamp in
            result.append(
                ProducerRecord(
                    topic: topic,
                    partition: partition,
                    key: record.key.map { Array($0.readableBytesView) },
                    value: record.value.map { Array($0.readableBytesView) },
                    headers: record.headers.map { header in
                        ProducerRecordHeader(
                            name: header.name,
                            value: header.value.map { Array($0.readableBytesView) }
                        )
                    },
                    timestamp: timestamp
                )
            )
        }
        return result
    }

    /// Calls `body` with the index of each record, the record and its timestamp. The error names topic and partition.
    func withRecords(
        topic: String,
        partition: Int32,
        _ body: (Int, Record, Int64) -> Void
    ) throws(ProducerError) {
        do {
            let reader = try RecordBatchReader(buffer)
            let baseTimestamp = reader.header.baseTimestamp
            var records = reader.makeIterator(decompressed: try reader.decompressedSection(limit: .max))
            var index = 0
            while let record = try records.next() {
                body(index, record, baseTimestamp &+ record.timestampDelta)
                index += 1
            }
        } catch {
            throw .unreadable(topic: topic, partition: partition, error)
        }
    }
}

extension ProducerError {
    /// A batch could not be read back, which means that memory was damaged.
    static func unreadable(topic: String, partition: Int32, _ error: any Error) -> ProducerError {
        ProducerError(
            .compression,
            topic: topic,
            partition: partition,
            message: "a batch could not be read back out of its own bytes: \(error)"
        )
    }
}
