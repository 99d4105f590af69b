// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// How a run has ended: from it follow the exit status and the lines that say why, for `send`, `resend` and `perf` alike.
struct RunEnd: Sendable {
    /// The accounts of its loads: one, unless loads were compared.
    var ledgers: [Ledger]
    /// How reading, or generating, ended.
    var load = LoadEnd.endOfInput
    /// Why there was no topic or broker to send to, if so.
    var refusal: ProducerError?
    /// Whether any broker could be connected to.
    var hasConnected = true
    /// What reading back has found, if it was asked for.
    var verification: VerifyResult?
    /// With fewer records than that the run has failed.
    var leastRecords: UInt64?
    /// Whether something that should have been written beside the records was not.
    var areOutputsIncomplete = false
    private let signal: Int32?
    private let isOutage: Bool

    /// The end of a run that `stop` could have stopped.
    init(_ ledgers: [Ledger], stop: StopRequest) {
        self.ledgers = ledgers
        signal = stop.signal
        isOutage = stop.isOutage
    }

    /// What the command says to the shell. A signal comes first, then what kept records from being read.
    var status: ExitStatus {
        if let signal { return .signal(signal) }
        // Had all been read by then, nothing was stopped.
        if isOutage, load == .interrupted { return .unreachable }
        if let refusal { return ExitStatus(of: refusal, hasConnected: hasConnected) }
        if case .unreadable = load { return .inputUnreadable }
        guard ledgers.allSatisfy({ $0.failed == 0 && $0.unsettled == 0 }) else { return .recordsFailed }
        guard verification?.isClean != false, missing == nil else { return .recordsFailed }
        return areOutputsIncomplete ? .outputIncomplete : .delivered
    }

    /// How many records came where more had to, and how many had to.
    private var missing: (came: UInt64, least: UInt64)? {
        let came = ledgers.reduce(0) { $0 + $1.read }
        return leastRecords.flatMap { came < $0 ? (came, $0) : nil }
    }

    /// What a person must know of the end beside the failures of records.
    var lines: [RunLine] {
        var lines: [RunLine] = []
        if case .unreadable(let error, let unread) = load {
            lines.append(.error("\(error)"))
            if !unread.isEmpty {
                lines.append(.error("not read at all: \(unread.map(\.name).joined(separator: ", "))"))
            }
        }
        for line in verification?.lines ?? [] { lines.append(.error(line)) }
        if let missing {
            let records = missing.came == 1 ? "record" : "records"
            lines.append(.error("\(missing.came) \(records) came, and --min-records asks for \(missing.least)"))
        }
        // What records failed for was reported with them.
        if let refusal, !ledgers.contains(where: { $0.failures.contains { $0.kind == refusal.kind } }) {
            lines.append(
                signal == nil
                    ? .error(Summary.line(for: refusal))
                    : .notice("a signal ended the wait: \(refusal.message)")
            )
        }
        return lines
    }
}

extension ExitStatus {
    /// The status of a run that had no topic or broker to send to.
    init(of refusal: ProducerError, hasConnected: Bool) {
        self =
            switch refusal.code {
            case .noBrokerReachable: .unreachable
            case .timedOut: hasConnected ? .recordsFailed : .unreachable
            case .configuration: .usage
            default: .recordsFailed
            }
    }
}
