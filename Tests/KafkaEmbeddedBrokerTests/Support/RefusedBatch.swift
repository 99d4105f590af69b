// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

/// Records that a broker must not append, and the error for them.
struct RefusedBatch: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let error: ErrorCode
    let version: Int16
    /// The record that is to blame.
    let record: Int?
    let records: @Sendable () throws -> ByteBuffer?

    init(
        _ description: String,
        _ error: ErrorCode,
        version: Int16 = 9,
        record: Int? = nil,
        _ records: @escaping @Sendable () throws -> ByteBuffer?
    ) {
        testDescription = description
        self.error = error
        self.version = version
        self.record = record
        self.records = records
    }

    static let all: [RefusedBatch] = frames + headers + contents

    private static let frames: [RefusedBatch] = [
        RefusedBatch("null", .invalidRecord) { nil },
        RefusedBatch("no bytes", .invalidRecord) { ByteBuffer() },
        RefusedBatch("cut off", .invalidRecord) {
            var batch = try TestBatch.make()
            return batch.readSlice(length: batch.readableBytes - 1)
        },
        RefusedBatch("two batches", .invalidRecord) {
            var batches = try TestBatch.make()
            batches.writeImmutableBuffer(try TestBatch.make())
            return batches
        },
        RefusedBatch("a length smaller than a header", .corruptMessage) {
            TestBatch.setting(Int32(48), at: 8, in: try TestBatch.make())
        },
        RefusedBatch("format 1", .invalidRecord) { TestBatch.setting(Int8(1), at: 16, in: try TestBatch.make()) },
        RefusedBatch("a flipped bit", .corruptMessage) {
            var batch = try TestBatch.make()
            batch.setInteger(UInt8(0x80), at: batch.writerIndex - 4)
            return batch
        },
        RefusedBatch("a wrong checksum", .corruptMessage, version: 3) {
            var batch = try TestBatch.make()
            batch.setInteger(UInt32(1), at: 17)
            return batch
        },
        RefusedBatch("more than max.message.bytes", .messageTooLarge) {
            try TestBatch.make([String(repeating: "x", count: 1000)])
        },
        RefusedBatch("more than a segment", .recordListTooLarge) {
            try TestBatch.make([String(repeating: "x", count: 860)])
        },
    ]

    private static let headers: [RefusedBatch] = [
        RefusedBatch("a base offset", .invalidRecord) { TestBatch.setting(Int64(1), at: 0, in: try TestBatch.make()) },
        RefusedBatch("a codec that does not exist", .unsupportedCompressionType) {
            TestBatch.setting(Int16(5), at: 21, in: try TestBatch.make())
        },
        RefusedBatch("zstd before version 7", .unsupportedCompressionType, version: 6) {
            try TestBatch.make(codec: .zstd)
        },
        RefusedBatch("the timestamp type of brokers", .invalidTimestamp) {
            TestBatch.setting(Int16(8), at: 21, in: try TestBatch.make())
        },
        RefusedBatch("a transaction without its id", .transactionalIDAuthorizationFailed) {
            TestBatch.setting(Int16(16), at: 21, in: try TestBatch.make())
        },
        RefusedBatch("a control batch", .invalidRecord) {
            TestBatch.setting(Int16(32), at: 21, in: try TestBatch.make())
        },
        RefusedBatch("a negative last offset delta", .invalidRecord) {
            TestBatch.setting(Int32(-1), at: 23, in: try TestBatch.make())
        },
        RefusedBatch("a last offset delta unlike the count", .invalidRecord) {
            TestBatch.setting(Int32(3), at: 23, in: try TestBatch.make())
        },
        RefusedBatch("no records", .invalidRecord) {
            TestBatch.setting(Int32(0), at: 57, in: try TestBatch.make())
        },
        RefusedBatch("a negative count", .invalidRecord) {
            TestBatch.setting(Int32(-3), at: 57, in: try TestBatch.make())
        },
        RefusedBatch("a producer without a sequence", .invalidRecord) {
            try TestBatch.make(producerID: 1, epoch: 0, sequence: -1)
        },
    ]

    private static let contents: [RefusedBatch] =
        [
            RefusedBatch("fewer records than counted", .invalidRecord, record: 3) {
                try counting(4, try TestBatch.make())
            },
            RefusedBatch("more records than counted", .invalidRecord) { try counting(2, try TestBatch.make()) },
            RefusedBatch("fewer compressed records than counted", .invalidRecord, record: 3) {
                try counting(4, try TestBatch.make(codec: .lz4))
            },
            RefusedBatch("an offset delta out of turn", .invalidRecord, record: 1) {
                // The second record begins after 61 bytes of header and the 10 of the first: length, attributes,
                // timestamp delta, offset delta.
                TestBatch.setting(UInt8(8), at: 61 + 10 + 3, in: try TestBatch.make())
            },
            RefusedBatch("a value longer than its record", .invalidRecord, record: 0) {
                TestBatch.setting(UInt8(100), at: 61 + 5, in: try TestBatch.make())
            },
            RefusedBatch("a record longer than its batch", .invalidRecord, record: 0) {
                TestBatch.setting(UInt8(120), at: 61, in: try TestBatch.make())
            },
            RefusedBatch("headers that are not there", .invalidRecord, record: 0) {
                TestBatch.setting(UInt8(2), at: 61 + 9, in: try TestBatch.make())
            },
        ]
        + CodecName.allCases.map { codec in
            RefusedBatch("\(codec) that cannot be decompressed", .corruptMessage) {
                TestBatch.setting(UInt32(0xDEAD_BEEF), at: 61, in: try TestBatch.make(codec: codec))
            }
        }

    private static func counting(_ count: Int32, _ batch: ByteBuffer) throws -> ByteBuffer {
        TestBatch.setting(count, at: 57, in: TestBatch.setting(count - 1, at: 23, in: batch))
    }
}
