// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import NIOCore
import Testing

@testable import KafkaProducer

/// How a batch takes records, and how it grows.
@Suite("OpenBatch")
struct OpenBatchTests {
    private let value = [UInt8](repeating: 0x78, count: 100)
    /// A record of `value` in a batch, and what it is estimated at.
    private let recordSize = 109
    private let bound = 61 + 21 + 100 + 1

    private func batch(reserved: Int, limit: Int, largest: Int = 0, ratio: Double = 1) -> OpenBatch {
        OpenBatch(
            id: 0,
            createdAt: .uptimeNanoseconds(0),
            buffer: ByteBuffer(),
            reservedBytes: reserved,
            readySize: limit,
            writeLimit: largest,
            expectedRatio: ratio
        )
    }

    private func append(to batch: inout OpenBatch) -> Bool {
        batch.append(key: nil, value: value.span, headers: .none, timestamp: 1, tag: nil)
    }

    @Test("takes records up to its limit, and counts their bytes without framing")
    func fills() {
        var batch = batch(reserved: 61 + 2 * recordSize, limit: 61 + 2 * recordSize)
        let first = append(to: &batch)
        let second = append(to: &batch)
        let third = append(to: &batch)
        #expect(first && second && !third)
        #expect(batch.builder.recordCount == 2)
        #expect(batch.estimatedSize == 61 + 2 * recordSize)
    }

    @Test("the first record always fits, if there is memory for it")
    func firstRecord() {
        var batch = batch(reserved: 70, limit: 70)
        var asked: [Int] = []
        let tooSmall = append(to: &batch)
        let refused = batch.grow(forRecordOf: bound) { bytes in
            asked.append(bytes)
            return false
        }
        #expect(!tooSmall && refused == .noMemory && batch.isEmpty && batch.reservedBytes == 70)
        let grown = batch.grow(forRecordOf: bound) { bytes in
            asked.append(bytes)
            return true
        }
        let appended = append(to: &batch)
        #expect(grown == .grown && appended)
        #expect(asked.count == 2 && asked[0] == asked[1])
        #expect(batch.reservedBytes == 70 + asked[0])
        #expect(batch.builder.size <= batch.reservedBytes)
    }

    @Test("a compressed batch grows step by step up to its limit")
    func grows() {
        var batch = batch(reserved: 200, limit: 500, ratio: 0.4)
        var steps: [Int] = []
        var records = 0
        while true {
            if append(to: &batch) {
                records += 1
                continue
            }
            let grown = batch.grow(forRecordOf: bound) { bytes in
                steps.append(bytes)
                return true
            }
            guard grown == .grown else { break }
        }
        #expect(batch.reservedBytes == 200 + steps.reduce(0, +))
        #expect(batch.reservedBytes <= 500 && batch.builder.size <= batch.reservedBytes)
        #expect(records == 3)
        #expect(batch.estimatedSize == Int(Double(61 + 3 * recordSize) * 0.4))
    }

    @Test("a batch that cannot get memory to grow is full")
    func cannotGrow() {
        var batch = batch(reserved: 200, limit: 500)
        let appended = append(to: &batch)
        let grown = batch.grow(forRecordOf: bound) { _ in false }
        #expect(appended && grown == .noMemory)
        #expect(batch.reservedBytes == 200 && batch.builder.recordCount == 1)
    }

    @Test("a record whose tag is too far from the first one's does not go in")
    func farPosition() {
        var batch = batch(reserved: 1000, limit: 1000)
        let near = RecordTag(number: 0, offset: 0)
        let far = RecordTag(number: 1, offset: 1 << 32)
        let first = batch.append(key: nil, value: nil, headers: .none, timestamp: 1, tag: near)
        let second = batch.append(key: nil, value: nil, headers: .none, timestamp: 1, tag: far)
        #expect(first && !second)
        #expect(batch.builder.recordCount == 1)
    }
}
