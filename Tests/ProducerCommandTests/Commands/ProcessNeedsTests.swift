// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

/// What a command takes of the system, and what it says when the system gives less.
@Suite("ProcessNeeds")
struct ProcessNeedsTests {
    private let needs = ProcessNeeds(cores: 2, brokers: 0)

    private func supply(descriptors: Int, threads: Int, isMemoryFree: Bool = true) -> ProcessNeeds.Supply {
        ProcessNeeds.Supply(
            descriptors: (descriptors, "20"),
            threads: (threads, "7"),
            memory: (isMemoryFree, "120000")
        )
    }

    @Test("more cores and embedded brokers need more")
    func counts() {
        #expect(needs.descriptors == 28 && needs.threads == 13)
        let embedded = ProcessNeeds(cores: 2, brokers: 3)
        #expect(embedded.descriptors > needs.descriptors && embedded.threads > needs.threads)
        #expect(ProcessNeeds(cores: 8, brokers: 0).threads > needs.threads)
    }

    @Test("a command is asked for its brokers")
    func commands() throws {
        let words = [
            (["-t", "t", "-b", "h:1"], 0), (["-t", "t", "--embedded", "d"], 1), (["broker", "--brokers", "3"], 3),
        ]
        for (words, brokers) in words {
            let command = try Main.parse(words)
            #expect(ProcessNeeds(of: command, cores: 2) == ProcessNeeds(cores: 2, brokers: brokers))
        }
    }

    @Test("what is missing is told with its figures")
    func objections() {
        #expect(needs.objection(to: supply(descriptors: 28, threads: 13), stackSize: 8 << 20) == nil)
        let descriptors = needs.objection(to: supply(descriptors: 17, threads: 13), stackSize: 8 << 20)
        #expect(descriptors?.contains("needs 28 file descriptors, and 17 are free (ulimit -n is 20)") == true)
        let threads = needs.objection(to: supply(descriptors: 28, threads: 6), stackSize: 8 << 20)
        #expect(threads?.contains("needs 13 threads, and the system gives 6 (ulimit -u is 7,") == true)
        let memory = needs.objection(
            to: supply(descriptors: 28, threads: 13, isMemoryFree: false),
            stackSize: 8 << 20
        )
        #expect(memory?.contains("needs 136 MiB of memory") == true)
        #expect(memory?.contains("ulimit -v is 120000 KiB") == true)
    }
}
