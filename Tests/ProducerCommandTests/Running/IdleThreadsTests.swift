// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("Threads that do nothing")
struct IdleThreadsTests {
    @Test("as many as were asked for are there at the same time, and end", arguments: [0, 1, 20])
    func count(_ count: Int) { #expect(IdleThreads.started(upTo: count) == count) }
}
