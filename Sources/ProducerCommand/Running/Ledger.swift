// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What became of every record that was read: the account that the summary shows and the exit status follows.
///
/// `read = acked + failed + skipped + uncommitted` once everything is settled; until then the difference is under way.
struct Ledger: Sendable {
    /// All failures for one reason.
    struct Failure: Equatable, Sendable {
        var kind: FailureKind
        /// What brokers answered as long as there was time, for a failure that is a matter of time.
        var cause: ErrorCode?
        /// The topic that the first of them is about, when it is known.
        var topic: String?
        var count: UInt64
        /// The number of the first of them in the input, the largest number when it is not known.
        var firstRecord: UInt64
        /// Where the first of them comes from, when it is known.
        var firstPlace: InputPlace?
        /// The first of them in words: what happened, to which topic and partition, and what to do.
        var firstMessage: String
    }

    /// Records taken from the input.
    var read: UInt64 = 0
    private(set) var acked: UInt64 = 0
    /// Keys, values and headers of the acked records, in bytes.
    private(set) var ackedBytes: UInt64 = 0
    private(set) var failed: UInt64 = 0
    /// Records that are written in a transaction which is neither committed nor aborted.
    private(set) var uncommitted: UInt64 = 0
    private var uncommittedBytes: UInt64 = 0
    /// Records that an earlier run has delivered, as its checkpoint says.
    private(set) var skipped: UInt64 = 0
    /// One entry a reason, in the order of their first appearance.
    private(set) var failures: [Failure] = []

    init() {}

    /// The account of a run for which earlier ones have left nothing to do.
    init(skipped: UInt64) { (read, self.skipped) = (skipped, skipped) }

    /// The same account, had all that did not fail been acknowledged.
    var asIfAcked: Ledger {
        var ledger = self
        ledger.delivered(records: unsettled, bytes: 0)
        return ledger
    }

    /// Records of which nothing is known yet, or ever, when the command leaves before the brokers have answered.
    var unsettled: UInt64 { read - min(read, settled) }

    /// Records of which all is known.
    var settled: UInt64 { acked + failed + skipped }

    /// Records that show that the cluster answers, or that the input moves: what merely ran out of time does not.
    var progress: UInt64 {
        let expired = failures.reduce(0) { $0 + ($1.kind.isExpiry ? $1.count : 0) }
        return settled - min(settled, expired) + uncommitted
    }

    mutating func skip(records: UInt64) { skipped += records }

    mutating func delivered(records: UInt64, bytes: UInt64) {
        acked += records
        ackedBytes += bytes
    }

    /// Counts what is written in a transaction.
    mutating func written(records: UInt64, bytes: UInt64) {
        uncommitted += records
        uncommittedBytes += bytes
    }

    /// The transaction is committed: what is written in it counts.
    mutating func commit() {
        delivered(records: uncommitted, bytes: uncommittedBytes)
        (uncommitted, uncommittedBytes) = (0, 0)
    }

    /// The load has ended: what was read and is not settled is not committed.
    mutating func leaveRest(read: UInt64) {
        self.read = max(read, settled)
        uncommitted = self.read - settled
    }

    /// The transaction is aborted: what is written in it has failed, beginning with the record of this number.
    mutating func takeBack(_ reason: some FailureReason, first: UInt64, place: @autoclosure () -> InputPlace?) {
        let count = uncommitted
        (uncommitted, uncommittedBytes) = (0, 0)
        guard count > 0 else { return }
        fail(reason, count: count, record: first, place: place())
    }

    /// Counts a failed record, the one of this number in the input. Of each kind the place and the message of the record
    /// with the lowest number are kept, whichever fails first; they are evaluated for no other.
    mutating func fail(
        _ reason: some FailureReason,
        count: UInt64 = 1,
        record: UInt64 = .max,
        place: @autoclosure () -> InputPlace?
    ) {
        failed += count
        let (kind, cause) = (reason.kind, reason.cause)
        guard let index = failures.firstIndex(where: { $0.kind == kind && $0.cause == cause }) else {
            failures.append(
                Failure(
                    kind: kind,
                    cause: cause,
                    topic: reason.topic,
                    count: count,
                    firstRecord: record,
                    firstPlace: place(),
                    firstMessage: reason.description
                )
            )
            return
        }
        failures[index].count += count
        guard record < failures[index].firstRecord else { return }
        failures[index].firstRecord = record
        failures[index].topic = reason.topic
        (failures[index].firstPlace, failures[index].firstMessage) = (place(), reason.description)
    }
}
