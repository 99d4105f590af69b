// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

/// Where the transactions of a load are cut, and when a position is committed again.
@Suite("Cuts of transactions")
struct TransactionCutsTests {
    @Test("the position of a load that is silent is committed again after 12 hours, before brokers forget it")
    func heartbeat() {
        let commit = ContinuousClock.now
        #expect(!TransactionCuts.isSilent(since: commit, now: commit))
        #expect(!TransactionCuts.isSilent(since: commit, now: commit + .seconds(12 * 3600) - .nanoseconds(1)))
        #expect(TransactionCuts.isSilent(since: commit, now: commit + .seconds(12 * 3600)))
    }

    @Test("a transaction is due when it has its records, its bytes or its age")
    func due() {
        let cuts = TransactionCuts(interval: .seconds(5), records: 10, bytes: 100)
        #expect(!cuts.isDue(records: 9, bytes: 99, age: .seconds(5) - .nanoseconds(1)))
        #expect(cuts.isDue(records: 10, bytes: 99, age: .zero))
        #expect(cuts.isDue(records: 1, bytes: 100, age: .zero))
        #expect(cuts.isDue(records: 1, bytes: 1, age: .seconds(5)))
    }
}
