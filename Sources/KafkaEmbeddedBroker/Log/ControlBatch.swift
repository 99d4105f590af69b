// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore

/// The batch that ends a producer's transaction in a partition: one control record, which takes one offset (KIP-98).
struct ControlBatch: Hashable {
    /// How a transaction ends. The numbers are those of the record's key.
    enum Kind: Int16, Sendable, Hashable {
        case abort = 0
        case commit = 1
    }

    var kind: Kind
    var producerID: Int64
    /// The epoch of the transaction, or the next one where each transaction has its own (KIP-890).
    var producerEpoch: Int16
    /// By which Kafka's leaders know a coordinator that was replaced.
    var coordinatorEpoch: Int32
    /// Milliseconds since 1970.
    var timestamp: Int64

    /// The attributes of a control batch of a transaction, without a codec.
    private static let attributes: Int16 = 0x30
    /// Version of the record's key and of its value.
    private static let recordVersion: Int16 = 0
    private static let checksumIndex = 17
    private static let checksummedIndex = 21

    /// The bytes, ready to be appended.
    var batch: CheckedBatch {
        let record = encodedRecord
        var header = RecordBatchHeader()
        header.batchLength = Int32(RecordBatchHeader.size - RecordBatchHeader.lengthOverhead + record.readableBytes)
        header.attributes = Self.attributes
        header.lastOffsetDelta = 0
        header.baseTimestamp = timestamp
        header.maxTimestamp = timestamp
        header.producerID = producerID
        header.producerEpoch = producerEpoch
        header.recordCount = 1
        var bytes = ByteBuffer()
        bytes.writeMultipleIntegers(Int64(0), header.batchLength, Int32(-1), header.magic, UInt32(0))
        bytes.writeMultipleIntegers(header.attributes, header.lastOffsetDelta, timestamp, timestamp)
        bytes.writeMultipleIntegers(producerID, producerEpoch, header.baseSequence, header.recordCount)
        bytes.writeImmutableBuffer(record)
        header.checksum = CRC32C.checksum(
            of: bytes.readableBytesSpan.extracting(droppingFirst: Self.checksummedIndex)
        )
        bytes.setInteger(header.checksum, at: Self.checksumIndex)
        return CheckedBatch(bytes: bytes, header: header)
    }

    /// length · attributes · timestamp delta · offset delta · key length · key · value length · value · header count
    private var encodedRecord: ByteBuffer {
        var body = ByteBuffer(bytes: [0, 0, 0, 8])
        body.writeMultipleIntegers(Self.recordVersion, kind.rawValue)
        body.writeInteger(UInt8(12))
        body.writeMultipleIntegers(Self.recordVersion, coordinatorEpoch)
        body.writeInteger(UInt8(0))
        var record = ByteBuffer(integer: UInt8(body.readableBytes * 2))
        record.writeBuffer(&body)
        return record
    }

    /// What a batch from the log says, or nil when it ends no transaction.
    init?(_ batch: RecordBatchReader) {
        let header = batch.header
        guard header.isControl, var records = try? batch.makeIterator(), let record = try? records.next(),
            let key = record.key, let type = key.getInteger(at: key.readerIndex + 2, as: Int16.self),
            let kind = Kind(rawValue: type)
        else { return nil }
        self.kind = kind
        producerID = header.producerID
        producerEpoch = header.producerEpoch
        coordinatorEpoch = record.value.flatMap { $0.getInteger(at: $0.readerIndex + 2, as: Int32.self) } ?? 0
        timestamp = header.maxTimestamp
    }

    init(
        _ kind: Kind,
        producerID: Int64,
        producerEpoch: Int16,
        coordinatorEpoch: Int32,
        timestamp: Int64
    ) {
        self.kind = kind
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.coordinatorEpoch = coordinatorEpoch
        self.timestamp = timestamp
    }
}
