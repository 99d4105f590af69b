// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore

/// Batches whose records are not those that were sent, under a checksum that fits: what a disk, or a bug, may make of them.
public enum SpoiledBatch {
    /// What is wrong with the records.
    @nonexhaustive
    public enum Damage: String, Sendable, Hashable {
        /// The last byte of the last value that has one is another one.
        case alteredValue = "alter-value"
        /// The last record is not there.
        case lostRecord = "lose-record"
    }

    private static let lastOffsetDeltaIndex = 23
    /// What only the original batch knows: its offset and leader epoch, and who has sent it.
    private static let keptFields = [0..<8, 12..<16, 43..<57]

    /// The same batches with the first one spoiled; as they are when that cannot be read or has nothing to spoil.
    static func spoil(_ batches: ByteBuffer, _ damage: Damage) -> ByteBuffer {
        var rest = batches
        guard let length = rest.getInteger(at: rest.readerIndex + 8, as: Int32.self), length > 0,
            let first = rest.readSlice(length: Int(length) + RecordBatchHeader.lengthOverhead),
            let batch = try? RecordBatchReader(first), let records = try? batch.decompressedRecords()
        else { return batches }
        var spoiled = spoiled(batch, records, damage)
        spoiled.writeImmutableBuffer(rest)
        return spoiled
    }

    private static func spoiled(_ batch: RecordBatchReader, _ records: [Record], _ damage: Damage) -> ByteBuffer {
        var records = records
        switch damage {
        case .lostRecord: _ = records.popLast()
        case .alteredValue:
            guard let index = records.lastIndex(where: { ($0.value?.readableBytes ?? 0) > 0 }),
                var bytes = records[index].value.map({ Array($0.readableBytesView) }), let last = bytes.popLast()
            else { break }
            records[index].value = ByteBuffer(bytes: bytes + [last ^ 1])
        }
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: .max)
        for record in records {
            let (key, value) = (
                record.key.map { Array($0.readableBytesView) }, record.value.map { Array($0.readableBytesView) }
            )
            let headers = EncodedHeaders(record.headers)
            let time = batch.header.timestamp(of: record)
            _ =
                switch (key, value) {
                case (let key?, let value?):
                    builder.append(key: key.span, value: value.span, headers: headers, timestamp: time)
                case (let key?, nil): builder.append(key: key.span, value: nil, headers: headers, timestamp: time)
                case (nil, let value?): builder.append(key: nil, value: value.span, headers: headers, timestamp: time)
                case (nil, nil): builder.append(key: nil, value: nil, headers: headers, timestamp: time)
                }
        }
        return disguised(builder.finish().sealed().releaseBuffer(), as: batch)
    }

    /// A batch with the header of another one, but for what belongs to its records.
    private static func disguised(_ bytes: ByteBuffer, as batch: RecordBatchReader) -> ByteBuffer {
        var bytes = bytes
        let origin = batch.buffer.readableBytesView
        for fields in keptFields {
            let from = origin.startIndex + fields.lowerBound
            bytes.setBytes(origin[from..<from + fields.count], at: bytes.readerIndex + fields.lowerBound)
        }
        // The codec is none now.
        bytes.setInteger(batch.header.attributes & ~7, at: bytes.readerIndex + 21)
        bytes.setInteger(batch.header.lastOffsetDelta, at: bytes.readerIndex + lastOffsetDeltaIndex)
        let checksum = CRC32C.checksum(of: bytes.readableBytesSpan.extracting(droppingFirst: 21))
        bytes.setInteger(checksum, at: bytes.readerIndex + 17)
        return bytes
    }
}
