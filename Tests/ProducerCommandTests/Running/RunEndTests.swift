// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProducer
import KafkaProtocol
import Testing

@testable import ProducerCommand

/// The exit status of a run and the lines that say why, which are the same for `send`, `resend` and `perf`.
@Suite("The end of a run")
struct RunEndTests {
    private let error = InputError(input: "a", reason: .directory)
    private let absent = ProducerError(.noBrokerReachable, message: "no broker at a:1")

    private func end(failed: Int = 0, signal: Int32? = nil, isOutage: Bool = false) throws -> RunEnd {
        let stop = StopRequest(wakeUp: try #require(WakeUp()))
        if let signal { _ = stop.received(signal) {} }
        if isOutage { stop.clusterIsAway() }
        var ledger = Ledger()
        ledger.read = 5
        ledger.delivered(records: UInt64(5 - failed), bytes: 5)
        for _ in 0..<failed { ledger.fail(ProducerError(.timedOut, message: "late"), place: nil) }
        return RunEnd([ledger], stop: stop)
    }

    @Test("all records delivered is 0, and 1 when receipts are missing, one failed or one is without an answer")
    func records() throws {
        var end = try end()
        #expect(end.status == .delivered && end.lines == [])
        end.areOutputsIncomplete = true
        #expect(end.status == .outputIncomplete && end.status.code == 1)
        #expect(try self.end(failed: 1).status == .recordsFailed)
        end.ledgers[0].read = 6
        #expect(end.status == .recordsFailed)
        // Of loads that were compared, one is enough.
        end.ledgers = [Ledger(), try self.end(failed: 1).ledgers[0]]
        #expect(end.status == .recordsFailed)
    }

    @Test("a signal comes before all else")
    func signal() throws {
        var end = try end(failed: 1, signal: SIGTERM, isOutage: true)
        (end.load, end.refusal) = (.interrupted, absent)
        #expect(end.status == .signal(SIGTERM) && end.status.code == 143)
        #expect(end.lines == [.notice("a signal ended the wait: no broker at a:1")])
    }

    @Test("an outage that ended reading is 3, and one that came when all had been read is not")
    func outage() throws {
        var end = try end(failed: 1, isOutage: true)
        #expect(end.status == .recordsFailed)
        end.load = .interrupted
        #expect(end.status == .unreachable)
    }

    @Test(
        "nobody to send to is 3, or 1 when a broker was there",
        arguments: [
            (.noBrokerReachable, true, .unreachable), (.timedOut, false, .unreachable),
            (.timedOut, true, .recordsFailed),
            (.configuration, false, .usage), (.broker(.topicAuthorizationFailed), true, .recordsFailed),
        ] as [(ProducerError.Code, Bool, ProducerCommand.ExitStatus)]
    )
    func refusal(code: ProducerError.Code, hasConnected: Bool, status: ProducerCommand.ExitStatus) throws {
        var end = try end()
        end.refusal = ProducerError(code, topic: "t", message: "no")
        end.hasConnected = hasConnected
        #expect(end.status == status)
        #expect(end.lines.count == 1)
    }

    @Test("what nobody could be sent to for is told with its name and advice, unless records were failed for it")
    func refusalOnce() throws {
        var end = try end()
        end.refusal = ProducerError(.broker(.topicAuthorizationFailed), topic: "t", message: "no")
        guard case .error(let line)? = end.lines.first else {
            Issue.record("\(end.lines)")
            return
        }
        #expect(line.hasPrefix("TOPIC_AUTHORIZATION_FAILED: t: no. Allow") && line.hasSuffix("--topic t."), "\(line)")
        end.ledgers[0].fail(ProducerError(.broker(.topicAuthorizationFailed), message: "no"), place: nil)
        #expect(end.lines == [])
    }

    @Test("an input that cannot be read is 4, with those that were not read for it")
    func unreadable() throws {
        var end = try end(failed: 1)
        end.load = .unreadable(error, unread: [.file("b"), .file("c")])
        #expect(end.status == .inputUnreadable)
        #expect(end.lines == [.error("\(error)"), .error("not read at all: b, c")])
    }
}
