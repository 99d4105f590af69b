// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// Decides what a person hears while a question to a coordinator has no answer: a value.
struct CoordinatorNews: Sendable {
    /// After this long it is worth a line that an earlier run's transaction is waited for.
    static let patience = Duration.seconds(1)
    /// After this long a coordinator that is not available is no passing thing.
    static let longPatience = Duration.seconds(10)

    private var hasReportedWait = false
    private var hasReportedAbsence = false

    init() {}

    /// The line to say now.
    mutating func line(_ wait: CoordinatorWait, of name: LoadName) -> String? {
        if wait.error == .coordinatorNotAvailable, wait.waited >= Self.longPatience, !hasReportedAbsence {
            hasReportedAbsence = true
            return Self.absence
        }
        guard wait.waited >= Self.patience, !hasReportedWait,
            wait.error == .unstableOffsetCommit || wait.error == .concurrentTransactions
        else { return nil }
        hasReportedWait = true
        return "waiting until the transaction that an earlier run of \(name) has left open is at its end"
    }

    /// Why there is no coordinator, as it is with most clusters of one broker.
    static let absence =
        "the cluster has had no coordinator for 10 s (COORDINATOR_NOT_AVAILABLE): with fewer than three brokers set "
        + "transaction.state.log.replication.factor=1 and transaction.state.log.min.isr=1 on them, and for groups "
        + "offsets.topic.replication.factor=1"

    /// What to do about a transaction that is never at its end.
    static func hangingAdvice(_ name: LoadName) -> String {
        "a transaction of \(name.transactionalID) hangs: find it with kafka-transactions --bootstrap-server HOST:PORT "
            + "find-hanging --broker-id N, and end it with kafka-transactions … abort; or wait until its "
            + "transaction.timeout.ms is over"
    }
}
