// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
public import NIOCore

/// The fixed 61 bytes in front of the records of a v2 record batch.
///
///     baseOffset 8 · batchLength 4 · partitionLeaderEpoch 4 · magic 1 · crc 4 · attributes 2 · lastOffsetDelta 4
///     baseTimestamp 8 · maxTimestamp 8 · producerId 8 · producerEpoch 2 · baseSequence 4 · recordCount 4
///
/// `batchLength` counts what follows it; `crc` covers everything from the attributes to the end of the batch.
public struct RecordBatchHeader: Sendable, Hashable {
    /// Bytes of an encoded header.
    public static let size = 61
    /// Bytes of base offset and batch length, which `batchLength` does not count.
    public static let lengthOverhead = 12
    /// The only format version this type describes.
    public static let currentMagic: Int8 = 2
    /// Where the format version stands.
    static let magicOffset = 16
    /// Where the checksum stands.
    static let checksumOffset = 17
    /// Where the bytes that the checksum covers begin.
    static let checksummedOffset = 21
    /// The producer id, epoch and sequence of a batch from a producer without idempotence.
    public static let noProducerID: Int64 = -1

    /// Offset of the first record; a producer sends 0 and the broker assigns it.
    public var baseOffset: Int64 = 0
    /// Bytes of the batch after this field.
    public var batchLength: Int32 = Int32(Self.size - Self.lengthOverhead)
    /// The leader epoch, set by the broker; -1 from a producer.
    public var partitionLeaderEpoch: Int32 = -1
    /// Format version, 2.
    public var magic: Int8 = Self.currentMagic
    /// CRC-32C of everything after this field.
    public var checksum: UInt32 = 0
    /// Bits 0 to 2 codec, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon.
    public var attributes: Int16 = 0
    /// Offset of the last record less the base offset.
    public var lastOffsetDelta: Int32 = -1
    /// Timestamp of the first record in milliseconds since 1970.
    public var baseTimestamp: Int64 = -1
    /// Largest timestamp of the batch in milliseconds since 1970.
    public var maxTimestamp: Int64 = -1
    /// The idempotent producer's id, or -1.
    public var producerID: Int64 = Self.noProducerID
    /// The idempotent producer's epoch, or -1.
    public var producerEpoch: Int16 = -1
    /// Sequence number of the first record, or -1.
    public var baseSequence: Int32 = -1
    /// Number of records.
    public var recordCount: Int32 = 0

    /// A header of no records from a producer without an id.
    public init() {}
}

// MARK: - What the fields mean

extension RecordBatchHeader {
    private static let compressionMask: Int16 = 0b111
    private static let timestampBit: Int16 = 1 << 3
    private static let transactionalBit: Int16 = 1 << 4
    private static let controlBit: Int16 = 1 << 5
    private static let deleteHorizonBit: Int16 = 1 << 6

    /// The codec of the records, or nil when the attributes name none that Kafka knows.
    public var compressionType: CompressionType? {
        CompressionType(rawValue: Int8(truncatingIfNeeded: attributes & Self.compressionMask))
    }

    /// Sets the codec bits of the attributes.
    public mutating func setCompressionType(_ type: CompressionType) {
        attributes = attributes & ~Self.compressionMask | Int16(type.rawValue)
    }

    /// Whose clock the timestamps come from.
    public var timestampType: TimestampType {
        get { attributes & Self.timestampBit == 0 ? .createTime : .logAppendTime }
        set { setBit(Self.timestampBit, newValue == .logAppendTime) }
    }

    /// Whether the batch belongs to a transaction.
    public var isTransactional: Bool {
        get { attributes & Self.transactionalBit != 0 }
        set { setBit(Self.transactionalBit, newValue) }
    }

    /// Whether the batch holds a control record (a transaction marker) and no data.
    public var isControl: Bool {
        get { attributes & Self.controlBit != 0 }
        set { setBit(Self.controlBit, newValue) }
    }

    /// Whether the base timestamp is the time from which compaction may drop tombstones.
    public var hasDeleteHorizon: Bool { attributes & Self.deleteHorizonBit != 0 }

    /// Whether the batch comes from an idempotent producer.
    public var hasProducerID: Bool { producerID > Self.noProducerID }

    /// Offset of the last record.
    public var lastOffset: Int64 { baseOffset &+ Int64(lastOffsetDelta) }

    /// Sequence number of the last record, counted modulo 2^31; -1 when there is none.
    public var lastSequence: Int32 {
        baseSequence < 0 ? -1 : Int32(truncatingIfNeeded: (Int64(baseSequence) + Int64(lastOffsetDelta)) & 0x7FFF_FFFF)
    }

    /// Bytes of the whole batch, this header included.
    public var batchSize: Int { Int(batchLength) + Self.lengthOverhead }

    private mutating func setBit(_ bit: Int16, _ isSet: Bool) {
        attributes = isSet ? attributes | bit : attributes & ~bit
    }
}

// MARK: - Bytes

extension RecordBatchHeader {
    /// Empties `buffer` and puts room for a header in front, so that records or compressed bytes can be written after it.
    public static func reserve(in buffer: inout ByteBuffer, minimumCapacity: Int = size) {
        buffer.clear(minimumCapacity: max(minimumCapacity, size))
        buffer.writeRepeatingByte(0, count: size)
    }

    /// Reads the header at the first readable byte of `buffer`; neither the checksum nor the presence of the records is
    /// checked.
    public init(decoding buffer: ByteBuffer) throws(RecordBatchError) {
        // All formats have the magic byte in the same place, and shorter headers than this one.
        if let magic = buffer.getInteger(at: buffer.readerIndex + Self.magicOffset, as: Int8.self),
            magic != Self.currentMagic
        {
            throw .unsupportedMagic(magic)
        }
        var rest = buffer
        guard
            let (
                baseOffset, batchLength, partitionLeaderEpoch, magic, checksum, attributes, lastOffsetDelta,
                baseTimestamp, maxTimestamp, producerID, producerEpoch, baseSequence, recordCount
            ) = rest.readMultipleIntegers(
                as: (
                    Int64, Int32, Int32, Int8, UInt32, Int16, Int32, Int64, Int64, Int64, Int16, Int32, Int32
                ).self
            )
        else {
            throw .truncated(needed: Self.size, available: buffer.readableBytes)
        }
        guard Int(batchLength) >= Self.size - Self.lengthOverhead else { throw .invalidLength(batchLength) }
        self.baseOffset = baseOffset
        self.batchLength = batchLength
        self.partitionLeaderEpoch = partitionLeaderEpoch
        self.magic = magic
        self.checksum = checksum
        self.attributes = attributes
        self.lastOffsetDelta = lastOffsetDelta
        self.baseTimestamp = baseTimestamp
        self.maxTimestamp = maxTimestamp
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.baseSequence = baseSequence
        self.recordCount = recordCount
    }

    /// Writes what a broker assigns, and the checksum does not cover, into the batch at the first readable byte of
    /// `buffer`, which must hold a whole header.
    public static func assign(baseOffset: Int64, partitionLeaderEpoch: Int32, in buffer: inout ByteBuffer) {
        precondition(buffer.readableBytes >= size, "a batch begins with a whole header")
        buffer.setInteger(baseOffset, at: buffer.readerIndex)
        buffer.setInteger(partitionLeaderEpoch, at: buffer.readerIndex + lengthOverhead)
    }

    /// Writes the header over the first 61 bytes of `bytes`, which must be that long.
    func write(into bytes: inout MutableRawSpan) {
        bytes.storeBytes(of: baseOffset.bigEndian, toByteOffset: 0, as: Int64.self)
        bytes.storeBytes(of: batchLength.bigEndian, toByteOffset: 8, as: Int32.self)
        bytes.storeBytes(of: partitionLeaderEpoch.bigEndian, toByteOffset: 12, as: Int32.self)
        bytes.storeBytes(of: magic, toByteOffset: Self.magicOffset, as: Int8.self)
        bytes.storeBytes(of: checksum.bigEndian, toByteOffset: Self.checksumOffset, as: UInt32.self)
        bytes.storeBytes(of: attributes.bigEndian, toByteOffset: Self.checksummedOffset, as: Int16.self)
        bytes.storeBytes(of: lastOffsetDelta.bigEndian, toByteOffset: 23, as: Int32.self)
        bytes.storeBytes(of: baseTimestamp.bigEndian, toByteOffset: 27, as: Int64.self)
        bytes.storeBytes(of: maxTimestamp.bigEndian, toByteOffset: 35, as: Int64.self)
        bytes.storeBytes(of: producerID.bigEndian, toByteOffset: 43, as: Int64.self)
        bytes.storeBytes(of: producerEpoch.bigEndian, toByteOffset: 51, as: Int16.self)
        bytes.storeBytes(of: baseSequence.bigEndian, toByteOffset: 53, as: Int32.self)
        bytes.storeBytes(of: recordCount.bigEndian, toByteOffset: 57, as: Int32.self)
    }

    /// Writes the header over the first 61 readable bytes of `buffer`, with the checksum that follows from the header's
    /// own bytes and the checksum of the records behind it.
    mutating func write(into buffer: inout ByteBuffer, recordsChecksum: UInt32, recordsShift: CRC32C.Shift) {
        var bytes = buffer.mutableReadableBytesSpan
        write(into: &bytes)
        let headerChecksum = CRC32C.checksum(of: bytes.bytes.extracting(Self.checksummedOffset..<Self.size))
        checksum = CRC32C.combine(headerChecksum, recordsChecksum, secondShift: recordsShift)
        bytes.storeBytes(of: checksum.bigEndian, toByteOffset: Self.checksumOffset, as: UInt32.self)
    }
}
