// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import Synchronization

@testable import KafkaProducer

/// Keeps what a producer tells, for tests to look at and to wait for.
final class RecordingObserver: ProducerObserver {
    /// A batch's end, with what its report tells while it is valid.
    struct Report: Sendable {
        var topic: String
        var partition: Int32
        var values: [String]
        var outcome: DeliveryReport.Outcome
        var errors: [ProducerError?]
        var tags: [RecordTag?]
        var attempts: Int
        var broker: BrokerAddress?
    }

    private struct State {
        var reports: [Report] = []
        var events: [ProducerEvent] = []
    }

    private let state = Mutex(State())
    /// What happens at each report, on the thread that reports.
    let onReport = Mutex<(@Sendable () -> Void)?>(nil)
    private let notifier = Notifier()

    func delivered(_ report: borrowing DeliveryReport) {
        let records = (try? report.records()) ?? []
        let kept = Report(
            topic: report.topic,
            partition: report.partition,
            values: records.map { String(decoding: $0.value ?? [], as: UTF8.self) },
            outcome: report.outcome,
            errors: (0..<report.recordCount).map { report.error(ofRecord: $0) },
            tags: (0..<report.recordCount).map { report.tag(ofRecord: $0) },
            attempts: report.attempts,
            broker: report.broker
        )
        state.withLock { $0.reports.append(kept) }
        onReport.withLock { $0 }?()
        notifier.notify()
    }

    func occurred(_ event: ProducerEvent) {
        state.withLock { $0.events.append(event) }
        notifier.notify()
    }

    /// The batches that ended, in order.
    var reports: [Report] { state.withLock { $0.reports } }

    /// What else happened, in order.
    var events: [ProducerEvent] { state.withLock { $0.events } }

    /// Waits until an event of that kind has come.
    func wait(for isWanted: @escaping @Sendable (ProducerEvent) -> Bool) async throws {
        try await notifier.wait { [self] in events.contains(where: isWanted) }
    }

    /// Waits until an event of that kind has come behind the first so many.
    func wait(from count: Int, for isWanted: @escaping @Sendable (ProducerEvent) -> Bool) async throws {
        try await notifier.wait { [self] in events.dropFirst(count).contains(where: isWanted) }
    }

    /// Waits until so many batches have ended.
    func wait(forReports count: Int) async throws {
        try await notifier.wait { [self] in reports.count >= count }
    }
}
