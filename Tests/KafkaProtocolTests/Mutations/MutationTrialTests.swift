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

    /// It was a trap: "Error raised at top level", SIGILL, and nobody knew of what.
    @Test("an error of the child's ends it with a status, and the note has its words")
    func error() async throws {
        let trial = MutationTrial("error")
        let result = await #expect(processExitsWith: .exitCode(EXIT_FAILURE), observing: [\.standardErrorContent]) {
            await MutationTrial("error").child { throw POSIXError(.EMFILE) }
        }
        #expect(trial.lastNote().contains("error failed: "))
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains("error failed: "))
        trial.end()
    }

    /// Every thread that allocates keeps addresses for it, and the busier the machine the more threads there are.
    @Test("addresses that are only kept are no memory")
    func addresses() async {
        await #expect(processExitsWith: .success) {
            await MutationTrial("addresses").child {
                let note = try MutationTrial("addresses").begin()
                note.trying("to keep addresses")
                let kept = unsafe mmap(nil, 1 << 34, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                let isKept = unsafe kept != MAP_FAILED
                try #require(isKept)
            }
        }
        MutationTrial("addresses").end()
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
