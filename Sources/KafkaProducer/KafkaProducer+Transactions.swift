// SPDX-License-Identifier: Apache-2.0

/// Transactions: records, and offsets of consumer groups, that become visible together or not at all (KIP-98). They need a
/// `transactional.id`; readers need `isolation.level=read_committed`.
///
/// A producer has one transaction at a time. Most callers want ``withTransaction(_:)``.
extension KafkaProducer {
    /// Runs `body` in a transaction, which is committed at its end, and aborted when it throws or the task is cancelled.
    ///
    ///     try await producer.withTransaction { transaction in
    ///         try await transaction.send(ProducerRecord(topic: "orders", value: order))
    ///         try await transaction.commitOffsets([position], group: "shop")
    ///     }
    ///
    /// A record that failed makes the commit fail, be it that nobody has looked at its result.
    ///
    /// - Parameter body: sends what belongs together.
    /// - Returns: what `body` returns, once the transaction is committed.
    /// - Throws: what `body` throws, once the transaction is aborted; or ``ProducerError``: of code
    ///   ``ProducerError/Code/commitUnknown`` when it is not known whether the transaction is committed, and of another one
    ///   when it is not.
    public func withTransaction<Result>(
        _ body: (Transaction) async throws -> sending Result
    ) async throws -> sending Result {
        try await beginTransaction()
        let result: Result
        do {
            result = try await body(Transaction(self))
            try Task.checkCancellation()
        } catch {
            await abortQuietly()
            throw error
        }
        do throws(ProducerError) {
            try await commitTransaction()
        } catch {
            // What may be committed is left to its end, which the next transaction waits for.
            if error.code != .commitUnknown { await abortQuietly() }
            throw error
        }
        return result
    }

    /// What made the transaction fail says more than what becomes of the abort. The next call meets what is left of that.
    private func abortQuietly() async {
        do throws(ProducerError) { try await abortTransaction() } catch { return }
    }

    /// Gets the producer's id, which fences an earlier owner of the `transactional.id` and aborts what it has left open. The
    /// first transaction does so too: call it to find out early whether it works.
    ///
    /// - Throws: ``ProducerError`` when the coordinator refuses, or has not answered within `max.block.ms`.
    public func initializeTransactions() async throws(ProducerError) { try await transact(.initialize) }

    /// Begins a transaction: what is sent from now on belongs to it.
    ///
    /// - Throws: ``ProducerError`` when there is one already, or no id, or the producer has been fenced.
    public func beginTransaction() async throws(ProducerError) { try await transact(.begin) }

    /// Sends what was appended so far, waits until all of it is stored, and commits the transaction.
    ///
    /// - Throws: ``ProducerError``. After code ``ProducerError/Code/timedOut`` or ``ProducerError/Code/commitUnknown`` the
    ///   commit goes on, and another call waits for its end. After any other the transaction is not committed, and is to be
    ///   aborted.
    public func commitTransaction() async throws(ProducerError) { try await transact(.commit) }

    /// Aborts the transaction. What was not sent yet is given up; what was sent is waited for.
    ///
    /// - Throws: ``ProducerError`` when none is open, or it is being committed, or its end does not come within `max.block.ms`.
    public func abortTransaction() async throws(ProducerError) { try await transact(.abort) }

    /// Commits offsets of a consumer group with the open transaction: they count once it is committed.
    ///
    /// - Parameters:
    ///   - offsets: how far the group has read each partition.
    ///   - member: the group, and who of it has read.
    /// - Throws: ``ProducerError`` when the group's coordinator refuses; the transaction is to be aborted then.
    public func commitOffsets(
        _ offsets: [CommittedOffset],
        of member: ConsumerGroupMember
    ) async throws(ProducerError) {
        guard !offsets.isEmpty else { return }
        try await transact(.commitOffsets(offsets, member))
    }

    /// As ``beginTransaction()``; blocks the calling thread.
    @available(*, noasync)
    public func waitToBeginTransaction() throws(ProducerError) { try wait(.begin) }

    /// As ``commitTransaction()``; blocks the calling thread.
    @available(*, noasync)
    public func waitToCommitTransaction() throws(ProducerError) { try wait(.commit) }

    /// As ``abortTransaction()``; blocks the calling thread.
    @available(*, noasync)
    public func waitToAbortTransaction() throws(ProducerError) { try wait(.abort) }

    /// As ``commitOffsets(_:of:)``; blocks the calling thread.
    @available(*, noasync)
    public func waitToCommitOffsets(
        _ offsets: [CommittedOffset],
        of member: ConsumerGroupMember
    ) throws(ProducerError) {
        guard !offsets.isEmpty else { return }
        try wait(.commitOffsets(offsets, member))
    }

    @available(*, noasync)
    private func wait(_ call: TransactionCall) throws(ProducerError) {
        let answer = BlockingAnswer()
        // It ends when the call does, which max.block.ms bounds.
        Task {
            do throws(ProducerError) {
                try await transact(call)
                answer.give(.success(()))
            } catch {
                answer.give(.failure(error))
            }
        }
        try answer.wait().get()
    }

    private func transact(_ call: TransactionCall) async throws(ProducerError) {
        guard configuration.transactionalID != nil else {
            throw ProducerError(.transactionState, message: "\(call.name) needs a transactional.id")
        }
        guard visits.enter() else { throw .closedProducer }
        defer { visits.leave() }
        try await sender.transact(call)
    }
}
