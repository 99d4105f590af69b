// SPDX-License-Identifier: Apache-2.0

/// Many records at once.
extension KafkaProducer {
    /// Sends records in their order, and waits until each is delivered or has failed.
    ///
    /// All of them are on their way together, as far as `buffer.memory` has room; the wait for it holds the next ones back.
    ///
    /// - Parameter records: what to send.
    /// - Returns: what became of each record, in their order.
    /// - Throws: ``ProducerError`` of code ``ProducerError/Code/interrupted`` when the task is cancelled. What was submitted by
    ///   then stays on its way.
    @discardableResult
    public func send(
        contentsOf records: some Swift.Sequence<ProducerRecord>
    ) async throws(ProducerError) -> [Result<RecordMetadata, ProducerError>] {
        var deliveries: [Result<Delivery, ProducerError>] = []
        deliveries.reserveCapacity(records.underestimatedCount)
        for record in records { deliveries.append(try await submission(of: record)) }
        var results: [Result<RecordMetadata, ProducerError>] = []
        results.reserveCapacity(deliveries.count)
        for delivery in deliveries { results.append(try await Self.result(of: delivery)) }
        return results
    }

    /// Sends the records of an asynchronous sequence as they come, and waits until each is delivered or has failed.
    ///
    /// The results are kept: for a sequence that may be long, see ``acknowledgements(of:limit:)``.
    ///
    /// - Parameter records: what to send.
    /// - Returns: what became of each record, in their order.
    /// - Throws: what `records` throws, once all that came before is delivered or has failed; ``ProducerError`` of code
    ///   ``ProducerError/Code/interrupted`` when the task is cancelled.
    @discardableResult
    public func send<Records: AsyncSequence>(
        contentsOf records: Records
    ) async throws -> [Result<RecordMetadata, ProducerError>] where Records.Element == ProducerRecord {
        var deliveries: [Result<Delivery, ProducerError>] = []
        var failure: (any Error)?
        do {
            for try await record in records { deliveries.append(try await submission(of: record)) }
        } catch {
            failure = error
        }
        var results: [Result<RecordMetadata, ProducerError>] = []
        for delivery in deliveries { results.append(try await Self.result(of: delivery)) }
        if let failure { throw failure }
        return results
    }

    /// What becomes of the records of a sequence, in their order, while they are sent: for pipes, which say to their source
    /// how far they are.
    ///
    ///     for try await result in producer.acknowledgements(of: records) {
    ///         source.confirm(try result.get())
    ///     }
    ///
    /// No more than `limit` records are sent and not yet taken by the loop: a loop that is slow holds the source back. Leaving
    /// the loop ends the reading of the source; what was submitted is delivered all the same.
    ///
    /// - Parameters:
    ///   - records: what to send. It is read in a task of its own, from the first element that the loop asks for on.
    ///   - limit: how many records may be on their way, or delivered and not taken. Default: 1,000.
    /// - Returns: the results, in the order of the records; it throws what `records` throws, after the results of what came
    ///   before.
    public func acknowledgements<Records: AsyncSequence & Sendable>(
        of records: Records,
        limit: Int = 1000
    ) -> Acknowledgements<Records> where Records.Element == ProducerRecord {
        Acknowledgements(of: records, limit: max(1, limit), producer: self)
    }

    /// Submits a record of many. One that is refused does not keep those behind it from being sent.
    ///
    /// - Throws: ``ProducerError`` when the task is cancelled.
    func submission(of record: ProducerRecord) async throws(ProducerError) -> Result<Delivery, ProducerError> {
        do throws(ProducerError) {
            return .success(try await submit(record))
        } catch {
            if error.code == .interrupted, Task.isCancelled { throw error }
            return .failure(error)
        }
    }

    /// What became of a record of many.
    ///
    /// - Throws: ``ProducerError`` when the task is cancelled.
    static func result(
        of delivery: Result<Delivery, ProducerError>
    ) async throws(ProducerError) -> Result<RecordMetadata, ProducerError> {
        switch delivery {
        case .failure(let error): return .failure(error)
        case .success(let delivery):
            guard let result = await delivery.outcome.valueUnlessCancelled() else {
                throw .cancelled("what was submitted is on its way")
            }
            return result
        }
    }
}
