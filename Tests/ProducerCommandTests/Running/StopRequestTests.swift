// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ProducerCommand

/// Signals that ask for an end.
@Suite("Stop request")
struct StopRequestTests {
    /// On a busy machine "delivering what was read" once came after the summary of a run that had ended meanwhile.
    @Test("what the first signal does is said before anybody can see it, and for no other")
    func announcement() throws {
        let stop = StopRequest(wakeUp: try #require(WakeUp()))
        var said = 0
        let isFirst = stop.received(SIGTERM) {
            #expect(stop.signal == nil && stop.time == nil)
            said += 1
        }
        #expect(isFirst && stop.signal == SIGTERM && stop.time != nil)
        #expect(!stop.received(SIGINT) { said += 1 })
        #expect(stop.signal == SIGTERM && said == 1)
    }
}
