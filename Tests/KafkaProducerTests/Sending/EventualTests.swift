// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// What tasks wait for.
@Suite("Waits of tasks", .timeLimit(.minutes(10)))
struct EventualTests {
    @Test("a value that is there is not waited for, and the first one counts")
    func valueFirst() async {
        let value = Eventual<Int>()
        #expect(value.current == nil)
        value.come(1)
        value.come(2)
        #expect(await value.value() == 1)
        #expect(await value.valueUnlessCancelled() == 1)
        #expect(value.current == 1)
    }

    @Test("every task that waits gets the value")
    func manyWait() async {
        let value = Eventual<Int>()
        async let first = value.value()
        async let second = value.valueUnlessCancelled()
        await Task.yield()
        value.come(5)
        #expect(await first == 5)
        #expect(await second == 5)
    }

    @Test("a task that is cancelled stops waiting, and the others go on", arguments: [true, false])
    func cancelled(isLate: Bool) async {
        let value = Eventual<Int>()
        let begun = Eventual<Void>()
        let cancelled = Task {
            begun.come()
            return await value.valueUnlessCancelled()
        }
        async let other = value.value()
        if isLate { await begun.value() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
        value.come(7)
        #expect(await other == 7)
    }

    @Test("nobody enters once the end has begun, and it waits for whoever has entered before")
    func visits() async {
        let visits = SenderVisits()
        #expect(visits.isOpen && visits.enter() && visits.enter())
        #expect(visits.close() && !visits.close())
        #expect(!visits.isOpen && !visits.enter())
        async let empty: Void = visits.allLeft()
        await Task.yield()
        visits.leave()
        visits.leave()
        await empty
        await visits.allLeft()
    }
}
