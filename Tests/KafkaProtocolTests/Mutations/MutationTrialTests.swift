// SPDX-License-Identifier: Apache-2.0
import Foundation
import Mutation
import Testing

/// What the suites with damaged inputs stand on.
@Suite("Mutation trial")
struct MutationTrialTests {
    /// The limit was a hard one once. To set it again for a process that had grown was refused to everybody but root.
    @Test("a trial may begin again in a process that has grown, whoever runs it")
    func beginsAgain() async {
        await #expect(processExitsWith: .success) {
            if getuid() == 0 { try #require(setuid(65534) == 0) }
            let trial = MutationTrial("again")
            let first = try trial.begin()
            first.trying("to grow")
            let grown = [UInt8](repeating: 1, count: 64 << 20)
            let second = try trial.begin()
            second.trying("\(grown.count) bytes more")
        }
        MutationTrial("again").end()
    }

    @Test("more memory than the limit cannot be had")
    func limits() async {
        await #expect(processExitsWith: .failure) {
            let note = try MutationTrial("limits").begin()
            note.trying("\([UInt8](repeating: 1, count: 512 << 20).count) bytes")
        }
        MutationTrial("limits").end()
    }
}
