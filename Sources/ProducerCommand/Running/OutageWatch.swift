// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Ends reading when the cluster is gone: otherwise `buffer.memory` by `buffer.memory` would fail for as long as there is
/// something to read.
struct OutageWatch: Sendable {
    let handling: OutageHandling
    /// How long no broker may have answered: `delivery.timeout.ms`.
    let patience: Duration
    private let run: Run

    init(_ handling: OutageHandling, patience: Duration, _ run: Run) {
        self.handling = handling
        self.patience = patience
        self.run = run
    }

    /// Ends reading if it is time to; called every now and then.
    ///
    /// - Parameters:
    ///   - producer: whose brokers are waited for.
    ///   - failed: how many records have failed so far: without any there is no reason to ask.
    func pass(_ producer: KafkaProducer, failed: UInt64) async {
        guard handling == .stop, failed > 0, !run.stop.isRequested, let silence = await producer.silence(),
            Self.isOutage(silence: silence, patience: patience)
        else { return }
        run.console.error(
            "no broker has answered for \(NumberText.duration(patience)) (delivery.timeout.ms), and records fail for it: "
                + "reading ends here (--on-outage stop); what was read keeps its time"
        )
        run.stop.clusterIsAway()
        // A reader that waits for memory would go on once something else has failed.
        producer.interruptAppenders()
    }

    /// Whether a silence is as long as any record may wait.
    static func isOutage(silence: Duration, patience: Duration) -> Bool { silence >= patience }

    /// Where to go on after an outage.
    ///
    /// - Parameters:
    ///   - end: the record before which reading ended.
    ///   - firstFailed: the first record that failed.
    ///   - deadLetters: the file with all that failed, if there is one.
    ///   - checkpoint: the file that says where the same command goes on, if there is one.
    /// - Returns: lines for a person.
    static func advice(
        end: InputPlace,
        firstFailed: InputPlace?,
        deadLetters: String?,
        checkpoint: String?
    ) -> [String] {
        let ended = "reading ended before \(end), byte \(end.offset); what follows was not read"
        if let checkpoint { return [ended, "run the same command again: it goes on where \(checkpoint) says"] }
        if deadLetters != nil { return ["\(ended): go on from there"] }
        guard let firstFailed else { return ["\(ended): go on from there"] }
        return [
            ended,
            "the first record that failed is \(firstFailed), byte \(firstFailed.offset): go on from there; some after it may be "
                + "stored already (--dead-letter or --checkpoint would tell them apart)",
        ]
    }
}
