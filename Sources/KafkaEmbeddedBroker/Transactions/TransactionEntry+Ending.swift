// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// How transactions end: by their producers, by others that take over, by their timeout, and by the last marker.
extension TransactionEntry {
    /// The producer commits or aborts.
    ///
    /// - Parameters:
    ///   - commits: Whether it commits.
    ///   - sender: Who it says it is.
    ///   - clientProtocol: How it handles transactions.
    ///   - now: Milliseconds since 1970.
    ///   - takeID: Gives out an id.
    /// - Throws: Why it may not, or not now.
    /// - Returns: Whether it is decided now or was before, and who the producer of the next transaction is.
    mutating func end(
        commits: Bool,
        by sender: ProducerIdentity,
        as clientProtocol: TransactionProtocol,
        now: Int64,
        takeID: TakeID
    ) throws(TransactionRefusal) -> End {
        switch clientProtocol {
        case .first: try endFirst(commits: commits, by: sender, now: now)
        case .second: try endSecond(commits: commits, by: sender, now: now, takeID: takeID)
        }
    }

    private mutating func endFirst(
        commits: Bool,
        by sender: ProducerIdentity,
        now: Int64
    ) throws(TransactionRefusal) -> End {
        guard sender.id == producer.id else { throw TransactionRefusal(.invalidProducerIDMapping) }
        guard sender.epoch == producer.epoch else { throw TransactionRefusal(.producerFenced) }
        switch (phase, commits) {
        case (.ongoing, _):
            decide(commits: commits, as: .first, now: now)
            return .decided(next: producer)
        case (.prepareCommit, true), (.prepareAbort, false): throw TransactionRefusal(.concurrentTransactions)
        case (.completeCommit, true), (.completeAbort, false): return .repeated(next: producer)
        default: throw TransactionRefusal(.invalidTransactionState)
        }
    }

    private mutating func endSecond(
        commits: Bool,
        by sender: ProducerIdentity,
        now: Int64,
        takeID: TakeID
    ) throws(TransactionRefusal) -> End {
        // The id was changed at the end that is asked for once more.
        let isAfterChange = sender.id == previousID && sender.epoch == ProducerIdentity.lastEpoch && producer.epoch == 0
        let isRepeated = isAfterChange || isOneBehind(sender)
        guard sender.id == producer.id || isAfterChange else { throw TransactionRefusal(.invalidProducerIDMapping) }
        let isCurrent = sender.epoch == producer.epoch
        let isValid =
            switch phase {
            case .ongoing, .empty: isCurrent
            case .prepareCommit, .prepareAbort: isOneBehind(sender)
            case .completeCommit, .completeAbort: isRepeated || isCurrent
            }
        guard isValid else { throw TransactionRefusal(.producerFenced) }
        switch (phase, commits) {
        case (.ongoing, _), (.empty, false):
            return .decided(next: try decideSecond(commits: commits, now: now, takeID: takeID))
        case (.prepareCommit, true), (.prepareAbort, false): throw TransactionRefusal(.concurrentTransactions)
        case (.completeCommit, true) where isRepeated, (.completeAbort, false) where isRepeated:
            return .repeated(next: producer)
        case (.completeCommit, false) where !isRepeated, (.completeAbort, false):
            // The client may not know whether anything of its transaction has arrived.
            return .decided(next: try decideSecond(commits: false, now: now, takeID: takeID))
        default: throw TransactionRefusal(.invalidTransactionState)
        }
    }

    /// Whether the present epoch is the one that was given at the end that a producer asks for once more.
    private func isOneBehind(_ sender: ProducerIdentity) -> Bool {
        lastProtocol == .second && sender.epoch < .max && sender.epoch + 1 == producer.epoch
    }

    /// Decides, and gives the next transaction its epoch, or another id when there are none left.
    private mutating func decideSecond(
        commits: Bool,
        now: Int64,
        takeID: TakeID
    ) throws(TransactionRefusal) -> ProducerIdentity {
        let next = producer.isUsedUp ? try takeID() : ProducerIdentity.noID
        if phase != .ongoing { begin(now) }
        bumpForMarkers(next)
        decide(commits: commits, as: .second, now: now)
        return nextProducer
    }

    /// Another producer takes over, or the transaction takes too long: it is aborted, in the next epoch, of which its
    /// producer knows nothing. It must be open.
    ///
    /// - Parameters:
    ///   - level: The protocol that the cluster has.
    ///   - now: Milliseconds since 1970.
    ///   - takeID: Gives out an id.
    /// - Throws: When there is no other id.
    mutating func fence(level: TransactionProtocol, now: Int64, takeID: TakeID) throws(TransactionRefusal) {
        let next = level == .second && producer.isUsedUp ? try takeID() : ProducerIdentity.noID
        bumpForMarkers(next)
        if level == .first { forgetLastEpoch() }
        decide(commits: false, as: level, now: now)
    }

    /// Whether the transaction is open for longer than its producer has asked for.
    func isTimedOut(now: Int64) -> Bool {
        phase == .ongoing && start + Int64(timeout) < now
    }

    /// The last partition has its marker.
    mutating func complete(now: Int64) {
        guard phase.isPrepared else { return }
        finish(now)
    }

    /// The marker that the transaction's partitions get.
    func marker(coordinatorEpoch: Int32, now: Int64) -> ControlBatch {
        ControlBatch(
            phase == .prepareCommit ? .commit : .abort,
            producerID: producer.id,
            producerEpoch: producer.epoch,
            coordinatorEpoch: coordinatorEpoch,
            timestamp: now
        )
    }
}
