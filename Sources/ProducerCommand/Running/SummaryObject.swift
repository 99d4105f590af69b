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
    let exitStatus: Int32
    let signal: Int32?

    init(_ summary: Summary, _ status: ExitStatus) {
        let ledger = summary.ledger
        (read, acked, failed) = (ledger.read, ledger.acked, ledger.failed)
        (ackedBytes, skipped, uncommitted) = (ledger.ackedBytes, ledger.skipped, ledger.uncommitted)
        notDelivered = ledger.unsettled - min(ledger.unsettled, ledger.uncommitted)
        failures = ledger.failures.map(Failure.init)
        seconds = summary.seconds.roundedToThousandths
        limit = summary.limit?.clause
        exitStatus = status.code
        signal = if case .signal(let number) = status { number } else { nil }
    }
}
