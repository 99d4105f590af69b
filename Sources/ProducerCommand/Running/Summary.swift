// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol

/// The account at the end of a run: a line for each reason of failure, and one line with the figures.
struct Summary: Sendable {
    var ledger: Ledger
    /// From the beginning of the run to the last answer, in seconds.
    var seconds: Double
    /// What held the run up, if that is known.
    var limit: LoadLimit?
    /// Whether nothing was to be sent.
    var isDry = false
    /// What reading back has found, if it was asked for.
    var verification: VerifyResult?

    /// One line on what was read and what became of it, with rates over what was acked.
    var line: String {
        var parts = [
            "\(NumberText.grouped(ledger.read)) \(Self.records(ledger.read)) read",
            "\(NumberText.grouped(ledger.acked)) acked",
            "\(NumberText.grouped(ledger.failed)) failed",
        ]
        if ledger.skipped > 0 { parts.append("\(NumberText.grouped(ledger.skipped)) skipped") }
        let uncommitted = ledger.uncommitted
        if uncommitted > 0 { parts.append("\(NumberText.grouped(uncommitted)) uncommitted") }
        let rest = ledger.unsettled - min(ledger.unsettled, uncommitted)
        if rest > 0 { parts.append("\(NumberText.grouped(rest)) not delivered") }
        let time = max(seconds, 0.001)
        let rate = NumberText.rate(Double(ledger.acked) / time)
        let speed = NumberText.byteRate(Double(ledger.ackedBytes) / time)
        return parts.joined(separator: ", ") + "; \(NumberText.bytes(ledger.ackedBytes)) in "
            + "\(NumberText.seconds(seconds)) s (\(rate) records/s, \(speed))"
            + (limit.map { ", \($0.clause)" } ?? "")
            + (verification.map { "; \($0.summary)" } ?? "")
    }

    /// The line for a person who asks in the middle: what is not settled yet is under way.
    var soFar: String {
        var settled = self
        settled.limit = nil
        return "so far: " + settled.line.replacing(" not delivered", with: " under way")
    }

    /// One line for each reason why records failed: how many, the first of them, and what to do.
    var failureLines: [String] {
        ledger.failures.map { Self.line(for: $0) }
    }

    /// How many records failed for one reason, the first of them, and what to do.
    static func line(for failure: Ledger.Failure) -> String {
        let place = failure.firstPlace.map { "\($0): " } ?? ""
        let advice = (failure.cause.map { .broker($0) } ?? failure.kind).advice(topic: failure.topic)
        let text = text(of: failure.firstMessage, named: failure.kind.name, advice)
        guard failure.count > 1 else { return "\(place)\(failure.kind.name): \(text)" }
        return "\(NumberText.grouped(failure.count)) records failed with \(failure.kind.name), first \(place)\(text)"
    }

    /// What happened, and what to do about it, with the broker's name for it once.
    private static func text(of message: String, named name: String, _ advice: String?) -> String {
        let message = message.replacing("\(name): ", with: "", maxReplacements: 1)
        guard let advice else { return message }
        return (message.hasSuffix(".") ? message : message + ".") + " " + advice
    }

    /// The line for what ended a run before its records: a broker's error goes by its name.
    ///
    /// - Parameter refusal: What ended the run.
    /// - Returns: One line.
    static func line(for refusal: ProducerError) -> String {
        let name = if case .broker = refusal.code { "\(refusal.name): " } else { "" }
        let advice = refusal.kind.advice(topic: refusal.topic)
        return name + text(of: explanation(of: refusal), named: refusal.name, advice)
    }

    /// What happened, to a person who knows a topic and not a metadata request.
    static func explanation(of refusal: ProducerError) -> String {
        guard refusal.code == .broker(.unknownTopicOrPartition), let topic = refusal.topic else { return "\(refusal)" }
        return "topic \(topic) does not exist, and the cluster did not make it within max.block.ms"
    }

    private static func records(_ count: UInt64) -> String { count == 1 ? "record" : "records" }
}
