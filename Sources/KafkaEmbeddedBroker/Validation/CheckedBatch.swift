// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore

/// A batch from a producer that was found to be right, ready to be appended.
struct CheckedBatch {
    /// The whole batch as it came, its base offset still 0.
    private(set) var bytes: ByteBuffer
    /// What its first 61 bytes say.
    private(set) var header: RecordBatchHeader

    private static let checksumIndex = 17
    private static let checksummedIndex = 21
    private static let maxTimestampIndex = 35

    init(bytes: ByteBuffer, header: RecordBatchHeader) {
        self.bytes = bytes
        self.header = header
    }

    /// The same batch with the largest timestamp that its records really have, as a Kafka broker corrects it.
    func correcting(maxTimestamp: Int64) -> CheckedBatch {
        var corrected = self
        let start = bytes.readerIndex
        corrected.header.maxTimestamp = maxTimestamp
        corrected.bytes.setInteger(maxTimestamp, at: start + Self.maxTimestampIndex)
        corrected.header.checksum = CRC32C.checksum(
            of: corrected.bytes.readableBytesSpan.extracting(droppingFirst: Self.checksummedIndex)
        )
        corrected.bytes.setInteger(corrected.header.checksum, at: start + Self.checksumIndex)
        return corrected
    }

    /// The same batch as a topic wants it stored: with its codec, and with the broker's time.
    func stored(by settings: LogSettings, now: Int64) throws(BatchRefusal) -> CheckedBatch {
        var change = RecordBatchChange()
        if let wanted = settings.compression, wanted != header.compressionType { change.compression = wanted }
        if settings.timestampType == .logAppendTime { change.logAppendTime = now }
        guard change != RecordBatchChange() else { return self }
        do throws(RecordBatchError) {
            let changed = try change.apply(to: RecordBatchReader(bytes))
            return CheckedBatch(bytes: changed, header: try RecordBatchHeader(decoding: changed))
        } catch {
            throw BatchRefusal(.corruptMessage, "the records cannot be stored as the topic wants it: \(error)")
        }
    }
}
