// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaRecords
import NIOCore

/// What the first records of a load come to in batches and under the codec, without sending them.
package struct CompressionSample: ~Copyable {
    /// So many bytes of records tell enough.
    private static let most = 4 << 20

    private let batchSize: Int
    private var compressor: BatchCompressor?
    private var builder: RecordBatchBuilder
    /// The batches so far, before the codec, in bytes.
    package private(set) var plainBytes = 0
    /// The same after it.
    package private(set) var compressedBytes = 0

    /// A sample for a producer with this configuration.
    ///
    /// - Parameter configuration: The settings.
    /// - Throws: `ProducerError` when the codec cannot be used.
    package init(_ configuration: ProducerConfiguration) throws(ProducerError) {
        batchSize = min(max(configuration.batchSize, 1024), 1 << 20)
        builder = RecordBatchBuilder(reusing: ByteBuffer(), limit: batchSize)
        do throws(CompressionError) {
            if let codec = RecordAccumulator.Limits(configuration).codec { compressor = try BatchCompressor(codec) }
        } catch {
            throw ProducerError(.compression, message: "\(error)")
        }
    }

    /// Takes a record in, unless enough were.
    ///
    /// - Parameter record: The record.
    package mutating func add(_ record: ProducerRecord) {
        guard compressor != nil, plainBytes < Self.most else { return }
        let headers = EncodedHeaders(record.headers)
        for _ in 0..<2 {
            let isIn = Self.append(record, headers, to: &builder)
            if isIn { return }
            finishBatch()
        }
    }

    private static func append(
        _ record: ProducerRecord,
        _ headers: EncodedHeaders,
        to builder: inout RecordBatchBuilder
    ) -> Bool {
        let time = record.timestamp ?? 0
        guard let key = record.key else {
            guard let value = record.value else {
                return builder.append(key: nil, value: nil, headers: headers, timestamp: time)
            }
            return builder.append(key: nil, value: value.span, headers: headers, timestamp: time)
        }
        guard let value = record.value else {
            return builder.append(key: key.span, value: nil, headers: headers, timestamp: time)
        }
        return builder.append(key: key.span, value: value.span, headers: headers, timestamp: time)
    }

    /// Compresses the batch that is open.
    package mutating func finishBatch() {
        guard !builder.isEmpty else { return }
        let full = exchange(&builder, with: RecordBatchBuilder(reusing: ByteBuffer(), limit: batchSize))
        let contents = full.finish()
        let plain = contents.buffer.readableBytes
        // What the codec refuses here it will refuse when it counts.
        guard let batch = try? compressor?.seal(contents, makeBuffer: { ByteBufferAllocator().buffer(capacity: $0) })
        else { return }
        plainBytes += plain
        compressedBytes += batch.size
    }
}
