// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProducer
import KafkaProtocol
import Testing

@testable import ProducerCommand

/// What is said of a load while it goes on, and at its end.
@Suite("News of a run")
struct RunNewsTests {
    /// What a console has said that `body` got, on the clock of a run that began so many seconds ago.
    private func said(
        _ verbosity: Console.Verbosity = .normal,
        after seconds: Int,
        _ body: (RunNews) -> Void
    ) throws -> [String] {
        let folder = try TemporaryDirectory()
        let path = try folder.write("", to: "said")
        let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        let run = try Run(
            console: Console(verbosity: verbosity, descriptor: file),
            clock: RunClock(begin: .now - .seconds(seconds))
        )
        let reachability = Reachability(patienceAtStart: "60 s", patienceLater: "120 s")
        body(RunNews(run, reachability: reachability))
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func ledger(failed: Int) -> Ledger {
        var ledger = Ledger()
        for _ in 0..<failed { ledger.fail(ProducerError(.closed, topic: "t", message: "no"), place: nil) }
        return ledger
    }

    @Test("what failed and was said a moment ago is not said again at the end, what failed since is")
    func failuresOnce() throws {
        let once = try said(after: 5) { news in
            news.report(ledger(failed: 1))
            news.reportFailures(of: ledger(failed: 1))
        }
        #expect(once == ["kafka-producer: error: CLOSED: t: no. Send these again."])
        let twice = try said(after: 5) { news in
            news.report(ledger(failed: 1))
            news.reportFailures(of: ledger(failed: 2))
        }
        #expect(twice.count == 2 && twice.last?.contains("2 records failed with CLOSED") == true, "\(twice)")
    }

    @Test("an event is said once with -v, and not without")
    func eventsOnce() throws {
        let event = ProducerEvent.producerIDAssigned(id: 7, epoch: 1)
        let lines = try said(.verbose, after: 0) { news in news.occurred(event) }
        #expect(lines == ["kafka-producer: producer id 7, epoch 1"])
        #expect(try said(after: 0) { news in news.occurred(event) } == [])
    }
}
