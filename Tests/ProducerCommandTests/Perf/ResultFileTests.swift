// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ProducerCommand

@Suite("Files of results")
struct ResultFileTests {
    @Test("a result that stdout does not take is not written", arguments: [("/dev/full", false), ("/dev/null", true)])
    func standardOutput(device: String, isWritten: Bool) throws {
        let descriptor = unsafe open(device, O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let console = Console(verbosity: .quiet, descriptor: descriptor)
        let output = StandardOutput(console: console, descriptor: descriptor)
        let file = try ResultFile("-", of: "--json", standardOutput: output, console: console)
        #expect(file.write("{}\n", console) == isWritten)
        // What follows a write that failed is not written either.
        #expect(file.write("{}\n", console) == isWritten)
    }
}
