// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore

/// Refuses batches with records that contain a text, with the words of a broker whose validation they do not pass.
struct RecordFilter {
    private let text: [UInt8]

    init(_ text: String) {
        self.text = Array(text.utf8)
    }

    /// Throws when values of the batch contain the text, and names all of their records.
    func check(_ batch: CheckedBatch) throws(BatchRefusal) {
        let records: [Record]
        do {
            records = try RecordBatchReader(batch.bytes).decompressedRecords()
        } catch {
            throw BatchRefusal(.corruptMessage, "the records cannot be read: \(error)")
        }
        let refused = records.indices.filter { index in
            records[index].value.map { contains($0.readableBytesView) } ?? false
        }
        guard !refused.isEmpty else { return }
        throw BatchRefusal(
            .invalidRecord,
            "One or more records have been rejected due to \(refused.count) record errors in total",
            records: refused,
            recordMessage: "the value contains \"\(String(decoding: text, as: UTF8.self))\""
        )
    }

    private func contains(_ value: ByteBufferView) -> Bool {
        guard let first = text.first, value.count >= text.count else { return false }
        return value.indices.dropLast(text.count - 1).contains { index in
            value[index] == first && value[index...].starts(with: text)
        }
    }
}
