// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import NIOCore

@testable import KafkaReader

/// Batches as a broker has them in its log.
enum LogBatch {
    /// A batch of these values.
    static func make(
        _ values: [String],
        at offset: Int64,
        codec: Codec? = nil,
        transactionOf producer: Int64? = nil
    ) throws -> ByteBuffer {
        try sealed(values.map { (nil, Array($0.utf8)) }, at: offset, codec: codec, transactionOf: producer)
    }

    /// The batch that ends a transaction.
    static func marker(_ type: ControlRecordType, of producer: Int64, at offset: Int64) throws -> ByteBuffer {
        let key: [UInt8] = [0, 0, 0, UInt8(type.rawValue)]
        var batch = try sealed([(key, [0, 0, 0, 0, 0, 1])], at: offset, codec: nil, transactionOf: producer)
        change(&batch) { $0.setInteger(Int16(0x30), at: attributesIndex) }
        return batch
    }

    /// Changes a batch, and makes its checksum fit again.
    static func change(_ batch: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void) {
        body(&batch)
        let checksum = CRC32C.checksum(of: batch.readableBytesSpan.extracting(droppingFirst: attributesIndex))
        batch.setInteger(checksum, at: checksumIndex)
    }

    static let checksumIndex = 17
    static let attributesIndex = 21
    static let lastOffsetDeltaIndex = 23
    static let recordsIndex = RecordBatchHeader.size

    private static func sealed(
        _ records: [(key: [UInt8]?, value: [UInt8])],
        at offset: Int64,
        codec: Codec?,
        transactionOf producer: Int64?
    ) throws -> ByteBuffer {
        var builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: 16 << 20)
        for record in records {
            if let key = record.key {
                _ = builder.append(key: key.span, value: record.value.span, timestamp: 1000)
            } else {
                _ = builder.append(key: nil, value: record.value.span, timestamp: 1000)
            }
        }
        let contents = builder.finish()
        var batch: SealedRecordBatch
        if let codec {
            var compressor = try BatchCompressor(codec)
            batch = try compressor.seal(contents) { ByteBufferAllocator().buffer(capacity: $0) }
        } else {
            batch = contents.sealed()
        }
        if let producer {
            batch.stamp(producerID: producer, producerEpoch: 0, baseSequence: 0, isTransactional: true)
        }
        var bytes = batch.releaseBuffer()
        RecordBatchHeader.assign(baseOffset: offset, partitionLeaderEpoch: 0, in: &bytes)
        return bytes
    }
}

extension [ReadRecord] {
    /// The values as text.
    var values: [String] { map { $0.value.map { String(buffer: $0) } ?? "null" } }
}

extension ReadPlan {
    /// A plan for partition 0 of topic `t`.
    static func test(
        from start: ReadStart = .offset(0),
        to end: ReadEnd = .never,
        isolation: IsolationLevel = .readUncommitted,
        _ change: (inout ReaderConfiguration) -> Void = { _ in }
    ) -> ReadPlan {
        var configuration = ReaderConfiguration(bootstrap: [])
        change(&configuration)
        return ReadPlan(
            topic: "t",
            partition: 0,
            start: start,
            end: end,
            isolation: isolation,
            limits: ReadLimits(configuration)
        )
    }
}
