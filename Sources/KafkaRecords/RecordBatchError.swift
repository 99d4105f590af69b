// SPDX-License-Identifier: Apache-2.0

/// What can be wrong with the bytes of a record batch.
public enum RecordBatchError: Error, Sendable, Hashable {
    /// The bytes end before the batch does.
    case truncated(needed: Int, available: Int)
    /// Bytes follow the batch where it should be alone.
    case trailingBytes(Int)
    /// The length field is smaller than a header.
    case invalidLength(Int32)
    /// A message format other than 2.
    case unsupportedMagic(Int8)
    /// The checksum is not that of the bytes.
    case checksumMismatch(expected: UInt32, computed: UInt32)
    /// The attributes name no codec that Kafka knows.
    case unknownCompression(attributes: Int16)
    /// Records were asked for that are still compressed.
    case compressed(CompressionType)
    /// The number of records is negative.
    case invalidRecordCount(Int32)
    /// Bytes follow the last record that the header counts.
    case trailingRecordBytes(Int)
    /// A record, counted from 0, is not encoded as it must be.
    case invalidRecord(index: Int, defect: RecordDefect)
    /// The records cannot be decompressed, for the reason given.
    case undecodable(String)

    /// What can be wrong with the bytes of one record.
    public enum RecordDefect: String, Error, Sendable, Hashable {
        /// The bytes end before the record does.
        case truncated = "ends too early"
        /// A varint is longer than its type allows.
        case varintTooLong = "holds a number that is too long"
        /// A length or a count is negative, or does not fit what is left.
        case invalidLength = "holds an impossible length"
        /// The record's length is not that of its fields.
        case lengthMismatch = "is not as long as it says"
    }
}

extension RecordBatchError: CustomStringConvertible {
    /// One line for a person.
    public var description: String {
        switch self {
        case .truncated(let needed, let available):
            "the record batch needs \(needed) bytes and has \(available)"
        case .trailingBytes(let count): "\(count) bytes follow the record batch"
        case .invalidLength(let length): "a record batch cannot have \(length) bytes"
        case .unsupportedMagic(let magic): "message format \(magic) is not supported, only 2 is"
        case .checksumMismatch(let expected, let computed):
            "the record batch's CRC is \(expected), that of its bytes \(computed)"
        case .unknownCompression(let attributes): "the attributes \(attributes) name an unknown codec"
        case .compressed(let type): "the records are still compressed (\(type.name))"
        case .invalidRecordCount(let count): "a record batch cannot have \(count) records"
        case .trailingRecordBytes(let count): "\(count) bytes follow the last record of the batch"
        case .invalidRecord(let index, let defect): "record \(index) of the batch \(defect.rawValue)"
        case .undecodable(let reason): "the records cannot be decompressed: \(reason)"
        }
    }
}
