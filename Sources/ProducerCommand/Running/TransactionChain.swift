// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaProducer
import Synchronization

/// The transactions of a load, one after the other: cut between two records, so that none outlives `transaction.timeout.ms` and
/// readers of committed records need not wait for the end of the load.
///
/// The thread that hands records over has the turn while it does so. Between its turns a transaction is committed when its
/// time has come, also while the thread waits for input.
final class TransactionChain: Sendable {
    private struct State {
        /// Where the open transaction begins.
        var start = CheckpointTracker.Mark.start
        /// How far records are handed over.
        var end = CheckpointTracker.Mark.start
        /// When the first record of the open transaction was handed over.
        var began: ContinuousClock.Instant?
        /// Why there is no other transaction.
        var failure: ProducerError?
        /// Whether the transaction that has failed is aborted.
        var isAborted = false
        var committed: UInt64 = 0
        /// When something was committed last.
        var committedAt = ContinuousClock.now
    }

    let cuts: TransactionCuts
    /// Records that are left out.
    private let excluded: ExcludedRecords
    private let producer: KafkaProducer
    /// Commits the load's position with each transaction, if it is sent exactly once.
    private let keeper: LoadKeeper?
    /// Whether what waits for the end of the transaction takes so much memory that it should come.
    private let isCutWanted: @Sendable () -> Bool
    /// Called with where each transaction begins.
    private let onBegin: @Sendable (CheckpointTracker.Mark) -> Void
    /// Called when a transaction has failed: nothing more is to be read.
    private let onFailure: @Sendable () -> Void
    private let state: Mutex<State>
    private let turn = DispatchSemaphore(value: 1)

    init(
        _ producer: KafkaProducer,
        _ cuts: TransactionCuts,
        keeper: LoadKeeper? = nil,
        excluding excluded: ExcludedRecords = ExcludedRecords([:]),
        isCutWanted: @escaping @Sendable () -> Bool = { false },
        onBegin: @escaping @Sendable (CheckpointTracker.Mark) -> Void = { _ in },
        onFailure: @escaping @Sendable () -> Void
    ) {
        self.producer = producer
        self.cuts = cuts
        self.keeper = keeper
        self.excluded = excluded
        let start = keeper?.committed.mark ?? .start
        state = Mutex(State(start: start, end: start))
        self.isCutWanted = isCutWanted
        self.onBegin = onBegin
        self.onFailure = onFailure
    }

    /// Why there is no other transaction; nil as long as all goes well.
    var failure: ProducerError? { state.withLock { $0.failure } }

    /// Whether the transaction that has failed is aborted, so that another one can begin.
    var isAborted: Bool { state.withLock { $0.isAborted } }

    /// Where the transaction begins that is open, or has failed.
    var start: CheckpointTracker.Mark { state.withLock { $0.start } }

    /// How many transactions with records are committed.
    var committed: UInt64 { state.withLock { $0.committed } }

    /// What a person reads of the failure.
    func line(on failure: ProducerError) -> String {
        guard failure.code != .commitUnknown else { return failure.message }
        return "transaction \(committed + 1) failed and is not committed: \(Summary.line(for: failure))"
    }

    /// Why nothing could be handed over.
    func couldNotBegin(_ error: ProducerError) { state.withLock { $0.failure = error } }

    /// Begins the first transaction.
    func begin() async throws(ProducerError) { try await producer.beginTransaction() }

    // MARK: the thread that hands over

    /// Blocks until no commit is under way. ``leave()`` follows.
    @available(*, noasync)
    func enter() { turn.wait() }

    @available(*, noasync)
    func leave() { turn.signal() }

    /// How many of the records and bytes that come next belong to the open transaction.
    var room: TransactionCuts.Room {
        state.withLock { state in
            cuts.room(records: state.end.record - state.start.record, bytes: state.end.offset - state.start.offset)
        }
    }

    /// What comes next of these bytes, whose first one lies at `base` over all inputs.
    func part(of bytes: Span<UInt8>, at base: UInt64, _ splitter: RecordSplitter) -> ExcludedRecords.Part {
        excluded.part(of: bytes, at: base, splitter, cuts, room)
    }

    /// Records up to this place are handed over; within a turn. Commits if a cut is due or wanted.
    ///
    /// - Returns: whether more may be handed over.
    @available(*, noasync)
    func handedOver(to end: CheckpointTracker.Mark, isCutWanted isWantedHere: Bool = false) -> Bool {
        let mustCut = state.withLock { state in
            if end.record > state.start.record, state.began == nil { state.began = .now }
            state.end = end
            return isDue(state)
        }
        if mustCut || isWantedHere || isCutWanted() { cut() }
        return failure == nil
    }

    private func isDue(_ state: State) -> Bool {
        guard let began = state.began, state.failure == nil else { return false }
        return cuts.isDue(
            records: state.end.record - state.start.record,
            bytes: state.end.offset - state.start.offset,
            age: ContinuousClock.now - began
        )
    }

    // MARK: time

    /// Commits transactions whose time has come while no record comes, until the task is cancelled.
    func watch() async {
        let glance = min(max(cuts.interval / 10, .milliseconds(5)), .milliseconds(100))
        while (try? await Task.sleep(for: glance)) != nil {
            guard state.withLock({ isDue($0) || isSilent($0) }) else { continue }
            await BlockingThread.run { [self] in
                guard turn.wait(timeout: .now()) == .success else { return }
                if state.withLock({ isDue($0) || isSilent($0) }) { cut() }
                turn.signal()
            }
        }
    }

    /// Whether the load's position was committed so long ago that it is committed again.
    private func isSilent(_ state: State) -> Bool {
        guard keeper != nil, state.failure == nil else { return false }
        return TransactionCuts.isSilent(since: state.committedAt, now: .now)
    }

    // MARK: commits

    /// Commits what is open, and begins the next transaction. Within a turn.
    @available(*, noasync)
    private func cut() {
        guard commit() else { return }
        onBegin(start)
        do throws(ProducerError) { try producer.waitToBeginTransaction() } catch { fail(error) }
    }

    /// Commits the last transaction, or aborts it if it cannot be committed.
    func finish() async {
        await BlockingThread.run { [self] in
            turn.wait()
            defer { turn.signal() }
            if failure == nil { _ = commit() }
        }
    }

    /// Aborts what is open, since a part of it is missing.
    func giveUp(_ error: ProducerError) async {
        await BlockingThread.run { [self] in
            turn.wait()
            defer { turn.signal() }
            if failure == nil { fail(error) }
        }
    }

    /// - Returns: whether what was open is committed.
    @available(*, noasync)
    private func commit() -> Bool {
        let (end, isDue) = state.withLock { ($0.end, isSilent($0)) }
        do throws(ProducerError) {
            if let keeper { try keeper.prepareCommit(at: end, producer, isDue: isDue) }
        } catch {
            fail(error)
            return false
        }
        while true {
            do throws(ProducerError) {
                try producer.waitToCommitTransaction()
                state.withLock { state in
                    if state.began != nil { state.committed += 1 }
                    state.start = state.end
                    state.began = nil
                    state.committedAt = .now
                }
                keeper?.wasCommitted()
                return true
            } catch {
                // Records are still under way, each of which has its own time.
                if error.code == .timedOut { continue }
                fail(error)
                return false
            }
        }
    }

    @available(*, noasync)
    private func fail(_ error: ProducerError) {
        state.withLock { $0.failure = error }
        onFailure()
        // What may be committed is not aborted.
        guard error.code != .commitUnknown else { return }
        // What made the transaction fail is reported; the coordinator aborts by itself what cannot be aborted from here.
        do throws(ProducerError) {
            try producer.waitToAbortTransaction()
            state.withLock { $0.isAborted = true }
        } catch {
            // Only now it shows that it was not the coordinator who ended the transaction.
            if error.code == .fenced { state.withLock { $0.failure = error } }
        }
    }
}
