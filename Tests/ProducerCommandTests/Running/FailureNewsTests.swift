// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaProtocol
import Testing

@testable import ProducerCommand

/// What is told of failures before the end of a load.
@Suite("News of failures")
struct FailureNewsTests {
    private func fail(_ ledger: inout Ledger, _ code: ProducerError.Code, times: Int = 1) {
        for _ in 0..<times {
            let place = InputPlace(input: "a.log", line: 7, offset: 0)
            ledger.fail(ProducerError(code, message: "t-0 at b:1: no"), place: place)
        }
    }

    @Test("each kind is told at once, then the count every ten seconds as long as it grows")
    func kinds() {
        var (news, ledger) = (FailureNews(), Ledger())
        #expect(news.lines(ledger, at: 3) == [])
        fail(&ledger, .broker(.policyViolation))
        let first = news.lines(ledger, at: 4)
        #expect(first.count == 1 && first[0].hasPrefix("a.log:7: POLICY_VIOLATION: t-0 at b:1: no"), "\(first)")
        fail(&ledger, .broker(.policyViolation), times: 1233)
        #expect(news.lines(ledger, at: 13.9) == [])
        #expect(news.lines(ledger, at: 14) == ["1,234 records failed so far: 1,234 POLICY_VIOLATION"])
        #expect(news.lines(ledger, at: 60) == [])
        fail(&ledger, .timedOut, times: 2)
        let second = news.lines(ledger, at: 61)
        #expect(
            second.count == 1 && second[0].hasPrefix("2 records failed with TIMED_OUT, first a.log:7: "),
            "\(second)"
        )
        fail(&ledger, .timedOut)
        #expect(
            news.lines(ledger, at: 71) == ["1,237 records failed so far: 1,234 POLICY_VIOLATION, 3 TIMED_OUT"]
        )
    }

    @Test("a short load is left to its account, a longer one tells then what failed before")
    func patience() {
        var (news, ledger) = (FailureNews(), Ledger())
        fail(&ledger, .closed, times: 2)
        fail(&ledger, .compression)
        #expect(news.lines(ledger, at: 1.9) == [])
        #expect(news.lines(ledger, at: 2).count == 2)
    }

    @Test("what was told a moment ago is not told again at the end, what was told long ago is")
    func justTold() {
        var (news, ledger) = (FailureNews(), Ledger())
        fail(&ledger, .closed)
        let lines = news.lines(ledger, at: 2)
        #expect(lines.count == 1 && news.hasJustReported(lines[0], at: 2.02))
        #expect(!news.hasJustReported(lines[0], at: 12))
        fail(&ledger, .closed)
        #expect(!news.hasJustReported(Summary(ledger: ledger, seconds: 3).failureLines[0], at: 3))
    }

    @Test("what expires is no progress: a cluster that is gone does not go on")
    func expiry() {
        var ledger = Ledger()
        ledger.delivered(records: 5, bytes: 5)
        fail(&ledger, .timedOut, times: 100)
        #expect(ledger.progress == 5)
        fail(&ledger, .broker(.policyViolation))
        #expect(ledger.progress == 6 && ledger.failed == 101)
    }
}
