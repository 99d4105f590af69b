// SPDX-License-Identifier: Apache-2.0
public import KafkaProducer

/// The code of "Performance".
public func sendInOrder<Records: AsyncSequence & Sendable>(
    _ records: Records,
    with producer: KafkaProducer
) async throws -> [Int32: Int64?] where Records.Element == ProducerRecord {
    var lastOffsets: [Int32: Int64?] = [:]
    for try await result in producer.acknowledgements(of: records, limit: 10_000) {
        let metadata = try result.get()
        lastOffsets[metadata.partition] = metadata.offset
    }
    return lastOffsets
}
