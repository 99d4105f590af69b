// SPDX-License-Identifier: Apache-2.0
import Platform

/// Finds out what the system gives to this process, by asking for it and giving it back.
///
/// Limits alone do not tell: others of the same user count too, and containers have limits of their own.
enum ProcessSupply {
    #if canImport(Darwin)
        private static let (descriptors, processes, memory, stack) = (
            RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_AS, RLIMIT_STACK
        )
    #else
        private static let descriptors = Int32(RLIMIT_NOFILE.rawValue)
        /// Linux's `RLIMIT_NPROC`, which is not visible here; see getrlimit(2).
        private static let processes: Int32 = 6
        private static let memory = Int32(RLIMIT_AS.rawValue)
        private static let stack = Int32(RLIMIT_STACK.rawValue)
    #endif

    /// Why a process with these needs cannot run, in one line; `nil` when it can. Nothing may have started a thread yet.
    static func objection(to needs: ProcessNeeds) -> String? {
        if limit(memory) != nil { shareOneHeap() }
        returnFreeMemory(from: 256 << 10)
        let size = needs.memory + needs.threads * stackSize
        let supply = ProcessNeeds.Supply(
            descriptors: (freeDescriptors(upTo: needs.descriptors), text(limit(descriptors), unit: 1)),
            threads: (IdleThreads.started(upTo: needs.threads), text(limit(processes), unit: 1)),
            memory: (canReserve(bytes: size), text(limit(memory), unit: 1024))
        )
        return needs.objection(to: supply, stackSize: stackSize)
    }

    /// The memory that the system reserves for a new thread's stack.
    private static var stackSize: Int {
        // Without a limit of its size a stack has a few MiB, depending on the machine.
        limit(stack).flatMap { Int(exactly: $0) } ?? 8 << 20
    }

    /// Lets the process have as many descriptors as it may: a broker has one for each partition.
    static func raiseDescriptorLimit() {
        var limit = rlimit()
        #if canImport(Darwin)
            guard unsafe getrlimit(descriptors, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
            limit.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
            _ = unsafe setrlimit(descriptors, &limit)
        #else
            let resource = __rlimit_resource_t(descriptors)
            guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
            limit.rlim_cur = limit.rlim_max
            _ = unsafe setrlimit(resource, &limit)
        #endif
    }

    private static func freeDescriptors(upTo count: Int) -> Int {
        var taken: [Int32] = []
        while taken.count < count {
            let descriptor = fcntl(0, F_DUPFD_CLOEXEC, 0)
            guard descriptor >= 0 else { break }
            taken.append(descriptor)
        }
        for descriptor in taken { close(descriptor) }
        return taken.count
    }

    /// The limit in force; `nil` when there is none.
    private static func limit(_ resource: Int32) -> rlim_t? {
        var limit = rlimit()
        #if canImport(Darwin)
            let code = unsafe getrlimit(resource, &limit)
        #else
            let code = unsafe getrlimit(__rlimit_resource_t(resource), &limit)
        #endif
        return code == 0 && limit.rlim_cur < rlim_t(Int64.max) ? limit.rlim_cur : nil
    }

    private static func text(_ limit: rlim_t?, unit: rlim_t) -> String {
        limit.map { "\($0 / unit)" } ?? "unlimited"
    }
}
