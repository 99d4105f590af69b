// SPDX-License-Identifier: Apache-2.0

/// A record on its way: what ``KafkaProducer/submit(_:)`` gives back once a batch holds the record.
///
///     let delivery = try await producer.submit(record)
///     // ... whatever else there is to do
///     let metadata = try await delivery.metadata
///
/// It may be kept, copied, and awaited by any number of tasks. A delivery that nobody awaits goes on all the same.
public struct Delivery: Sendable {
    let outcome = Eventual<Result<RecordMetadata, ProducerError>>()

    /// Where the record is stored, once it is.
    ///
    /// Cancelling a task that waits ends its wait, and nothing else: the record stays on its way.
    ///
    /// - Throws: ``ProducerError`` when the record was not delivered; of code ``ProducerError/Code/interrupted`` when the task
    ///   was cancelled before that was known.
    public var metadata: RecordMetadata {
        get async throws(ProducerError) {
            guard let result = await outcome.valueUnlessCancelled() else {
                throw .cancelled("the record is on its way and may be delivered")
            }
            return try result.get()
        }
    }

    /// What became of the record, if that is known by now; `nil` while it is on its way.
    public var result: Result<RecordMetadata, ProducerError>? { outcome.current }
}
