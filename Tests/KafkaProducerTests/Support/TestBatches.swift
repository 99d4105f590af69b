// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Synchronization

@testable import KafkaProducer

extension PartitionQueue {
    /// A queue outside of any accumulator.
    static func test(topic: String = "t", partition: Int32 = 0, number: Int = 0) -> PartitionQueue {
        PartitionQueue(topic: topic, partition: partition, number: number, estimator: CompressionRatioEstimator())
    }

    /// An open batch of `values`, in order.
    func openBatch(
        of values: [String],
        id: UInt64 = 0,
        createdAt: NIODeadline = .uptimeNanoseconds(0)
    ) -> OpenBatch {
        var batch = OpenBatch(
            id: id,
            createdAt: createdAt,
            buffer: ByteBuffer(),
            reservedBytes: 1 << 16,
            readySize: 1 << 16,
            writeLimit: 1 << 16,
            expectedRatio: 1
        )
        for value in values {
            let bytes = Array(value.utf8)
            _ = batch.append(key: nil, value: bytes.span, headers: .none, timestamp: 1, tag: nil)
        }
        return batch
    }

    /// A closed and sealed batch of `values`, in order; not in the queue.
    func batch(of values: [String], id: UInt64 = 0, createdAt: NIODeadline = .uptimeNanoseconds(0)) -> ProducerBatch {
        let batch = ProducerBatch(closing: openBatch(of: values, id: id, createdAt: createdAt), queue: self)
        if let contents = batch.takeContents() { batch.becameSealed(.success(contents.sealed())) }
        return batch
    }

    /// A closed and sealed batch of so many records; not in the queue.
    func batch(ofRecords count: Int) -> ProducerBatch {
        batch(of: (0..<count).map { "\($0)" })
    }
}

extension ProducerBatch {
    /// The values of the batch's records as text, read out of its bytes.
    func values() throws -> [String] {
        try readRecords().map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }
}
