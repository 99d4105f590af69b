// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// The account of a run as a JSON object. `docs/formats.md` has its fields.
struct SummaryObject: Encodable {
    /// All failures for one reason.
    struct Failure: Encodable {
        /// A record's place in its input.
        struct Place: Encodable {
            let file: String
            let line: UInt64
            let byteOffset: UInt64
        }

        let name: String
        let count: UInt64
        /// What brokers answered as long as there was time.
        let cause: String?
        let topic: String?
        let first: Place?
        let message: String

        init(_ failure: Ledger.Failure) {
            (name, count, topic) = (failure.kind.name, failure.count, failure.topic)
            cause = failure.cause?.name
            first = failure.firstPlace.map { Place(file: $0.input, line: $0.line, byteOffset: $0.offset) }
            message = failure.firstMessage
        }
    }

    /// What reading back has found.
    struct Verified: Encodable {
        let records: UInt64
        let missing: UInt64
        let altered: UInt64
        let misplaced: UInt64
        let unplaced: UInt64
        let unread: UInt64
        let findings: [String]

        init(_ result: VerifyResult) {
            (records, missing, altered) = (result.verified, result.missing, result.altered)
            (misplaced, unplaced, unread) = (result.misplaced, result.unplaced, result.unread)
            findings = result.lines
        }
    }

    let read: UInt64
    let acked: UInt64
    let ackedBytes: UInt64
    let failed: UInt64
    let skipped: UInt64
    let uncommitted: UInt64
    /// Neither acknowledged nor failed when the run ended.
    let notDelivered: UInt64
    let failures: [Failure]
    let seconds: Double
    /// What held the load up, if that is known.
    let limit: String?
    let verified: Verified?
    /// Whether nothing was to be sent (`--dry-run`).
    let dryRun: Bool?
    let exitStatus: Int32
    let signal: Int32?

    init(_ summary: Summary, _ status: ExitStatus) {
        let ledger = summary.ledger
        (read, acked, failed) = (ledger.read, ledger.acked, ledger.failed)
        (ackedBytes, skipped, uncommitted) = (ledger.ackedBytes, ledger.skipped, ledger.uncommitted)
        dryRun = summary.isDry ? true : nil
        notDelivered = ledger.unsettled - min(ledger.unsettled, ledger.uncommitted)
        failures = ledger.failures.map(Failure.init)
        seconds = summary.seconds.roundedToThousandths
        limit = summary.limit?.clause
        verified = summary.verification.map(Verified.init)
        exitStatus = status.code
        signal = if case .signal(let number) = status { number } else { nil }
    }
}
