// SPDX-License-Identifier: Apache-2.0

/// An open transaction, within ``KafkaProducer/withTransaction(_:)``.
public struct Transaction: Sendable {
    private let producer: KafkaProducer

    init(_ producer: KafkaProducer) { self.producer = producer }

    /// Sends a record and waits until it is written. It is committed with the transaction.
    ///
    /// - Returns: where it is stored; readers of committed records see it once the transaction is committed.
    /// - Throws: ``ProducerError`` when it was not written; the transaction cannot be committed then.
    @discardableResult
    public func send(_ record: ProducerRecord) async throws(ProducerError) -> RecordMetadata {
        try await producer.send(record)
    }

    /// Hands a record over, and gives back what its delivery can be awaited with. The commit waits for it.
    ///
    /// - Parameter record: what to send.
    /// - Returns: the delivery.
    /// - Throws: ``ProducerError`` when the record could not be taken.
    public func submit(_ record: ProducerRecord) async throws(ProducerError) -> Delivery {
        try await producer.submit(record)
    }

    /// Sends records in their order, and waits until each is written or has failed.
    ///
    /// - Parameter records: what to send.
    /// - Returns: what became of each record, in their order.
    /// - Throws: ``ProducerError`` when the task is cancelled.
    @discardableResult
    public func send(
        contentsOf records: some Swift.Sequence<ProducerRecord>
    ) async throws(ProducerError) -> [Result<RecordMetadata, ProducerError>] {
        try await producer.send(contentsOf: records)
    }

    /// Sends a record, and calls back when it is written or has failed. The commit waits for it.
    public func send(
        _ record: ProducerRecord,
        completion: @escaping @Sendable (Result<RecordMetadata, ProducerError>) -> Void
    ) async throws(ProducerError) {
        try await producer.send(record, completion: completion)
    }

    /// Sends a record, whose failure the commit reports.
    public func enqueue(_ record: ProducerRecord) async throws(ProducerError) { try await producer.enqueue(record) }

    /// Commits offsets of a consumer group with the transaction.
    ///
    /// - Parameters:
    ///   - offsets: how far the group has read each partition.
    ///   - member: the group, and who of it has read.
    /// - Throws: ``ProducerError`` when the group's coordinator refuses.
    public func commitOffsets(
        _ offsets: [CommittedOffset],
        of member: ConsumerGroupMember
    ) async throws(ProducerError) {
        try await producer.commitOffsets(offsets, of: member)
    }

    /// Commits offsets of a consumer group, by its name alone, with the transaction.
    ///
    /// - Parameters:
    ///   - offsets: how far the group has read each partition.
    ///   - group: the group's name.
    /// - Throws: ``ProducerError`` when the group's coordinator refuses.
    public func commitOffsets(_ offsets: [CommittedOffset], group: String) async throws(ProducerError) {
        try await producer.commitOffsets(offsets, of: ConsumerGroupMember(group))
    }
}
