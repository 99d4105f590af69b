// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("What resend has under way")
struct SendingWindowTests {
    @Test("a thread that finds no room waits until a record has left", .timeLimit(.minutes(5)))
    func bounds() async {
        let window = SendingWindow(recordLimit: 2, byteLimit: 10)
        let entered = await BlockingThread.run {
            // Alone it may be larger than the window.
            window.enter(bytes: 20)
            window.leave(bytes: 20)
            var entered = 0
            for round in 0..<1000 {
                window.enter(bytes: round % 7)
                entered += 1
                // Another thread takes the record away at some time.
                if !BlockingThread.start({ window.leave(bytes: round % 7) }) { window.leave(bytes: round % 7) }
            }
            return entered
        }
        #expect(entered == 1000)
    }
}
