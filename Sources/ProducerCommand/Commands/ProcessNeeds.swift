// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What a command takes of the system at least: so many file descriptors and threads, and the memory of their stacks.
///
/// Where one of them is refused in the middle, libraries below wait for ever or end the process. So it is asked for at the
/// beginning.
struct ProcessNeeds: Equatable {
    /// Beside the standard streams: two event loops with their timers, two pipes, the resolver's files, an input, four
    /// outputs, and some connections.
    private static let descriptorsOfAll = 28
    /// Reading, three writers, signals, the event loop, the resolver, and those that start others.
    private static let threadsOfAll = 9
    /// For buffers of the input and the codecs, beside `buffer.memory`.
    private static let memoryOfAll = 32 << 20

    let descriptors: Int
    let threads: Int
    /// Bytes beside the threads' stacks.
    let memory: Int

    /// - Parameters:
    ///   - cores: how many threads run tasks, and as many may compress.
    ///   - brokers: how many embedded brokers run in the process.
    init(cores: Int, brokers: Int) {
        // An event loop has three descriptors. A broker has a listener, connections, and the files of a partition.
        descriptors = Self.descriptorsOfAll + (brokers > 0 ? 3 * cores + 8 * brokers : 0)
        threads = Self.threadsOfAll + 2 * cores + (brokers > 0 ? cores : 0)
        memory = Self.memoryOfAll
    }

    /// What a command needs that was read from the command line.
    init(of command: any ParsableCommand, cores: Int) {
        let brokers =
            switch command {
            case let command as any SendingCommand: command.target.embedded == nil ? 0 : 1
            case let command as ReadCommand: command.embedded == nil ? 0 : 1
            case let command as PerfCommand: command.target.embedded == nil ? 0 : 1
            case let command as BrokerCommand: max(1, command.brokers)
            default: 0
            }
        self.init(cores: cores, brokers: brokers)
    }

    /// What the system has for the process.
    struct Supply: Equatable {
        /// File descriptors that are free, and the limit of all.
        var descriptors: (free: Int, limit: String)
        /// Threads that could be started, and the limit of the user's processes and threads.
        var threads: (free: Int, limit: String)
        /// Whether the memory could be reserved, and the limit of the address space.
        var memory: (isFree: Bool, limit: String)

        static func == (left: Self, right: Self) -> Bool {
            left.descriptors == right.descriptors && left.threads == right.threads && left.memory == right.memory
        }
    }

    /// Why a command cannot run with this, in one line; `nil` when it can.
    func objection(to supply: Supply, stackSize: Int) -> String? {
        if supply.descriptors.free < descriptors {
            return "cannot start: it needs \(descriptors) file descriptors, and \(supply.descriptors.free) are free "
                + "(ulimit -n is \(supply.descriptors.limit)); raise the limit"
        }
        if !supply.memory.isFree {
            let size = (memory + threads * stackSize) >> 20
            return
                "cannot start: it needs \(size) MiB of memory beside the program itself, and the system refuses them "
                + "(ulimit -v is \(supply.memory.limit) KiB); raise the limit"
        }
        if supply.threads.free < threads {
            return "cannot start: it needs \(threads) threads, and the system gives \(supply.threads.free) "
                + "(ulimit -u is \(supply.threads.limit), and a container may have its own limit of processes); "
                + "raise the limit"
        }
        return nil
    }
}
