// SPDX-License-Identifier: Apache-2.0
import Platform

/// Threads that do nothing, to find out how many the system gives.
///
/// They are made for this alone: their stacks are small, and none of them asks the heap for memory, since glibc gives a thread
/// that does a part of the heap of its own. Sixteen take half a millisecond.
enum IdleThreads {
    private static let stackSize = 64 << 10

    /// Starts up to `count` threads that are there at the same time, waits for their ends, and returns how many they were.
    static func started(upTo count: Int) -> Int {
        let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        defer { unsafe gate.deallocate() }
        guard unsafe pthread_mutex_init(gate, nil) == 0 else { return 0 }
        defer { unsafe pthread_mutex_destroy(gate) }
        unsafe pthread_mutex_lock(gate)
        let threads = unsafe start(upTo: count, at: gate)
        unsafe pthread_mutex_unlock(gate)
        for thread in threads { pthread_join(thread, nil) }
        return threads.count
    }

    /// Starts threads that wait at the gate.
    private static func start(upTo count: Int, at gate: UnsafeMutablePointer<pthread_mutex_t>) -> [pthread_t] {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { unsafe attributes.deallocate() }
        guard unsafe pthread_attr_init(attributes) == 0 else { return [] }
        defer { unsafe pthread_attr_destroy(attributes) }
        unsafe pthread_attr_setstacksize(attributes, stackSize)
        var threads: [pthread_t] = []
        threads.reserveCapacity(count)
        while threads.count < count, let thread = unsafe start(at: gate, attributes) { threads.append(thread) }
        return threads
    }

    private static func start(
        at gate: UnsafeMutablePointer<pthread_mutex_t>,
        _ attributes: UnsafeMutablePointer<pthread_attr_t>
    ) -> pthread_t? {
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let code = unsafe pthread_create(
            &thread,
            attributes,
            { argument in
                #if canImport(Darwin)
                    let gate = unsafe argument.assumingMemoryBound(to: pthread_mutex_t.self)
                    unsafe pthread_mutex_lock(gate)
                    unsafe pthread_mutex_unlock(gate)
                #else
                    if let gate = unsafe argument?.assumingMemoryBound(to: pthread_mutex_t.self) {
                        unsafe pthread_mutex_lock(gate)
                        unsafe pthread_mutex_unlock(gate)
                    }
                #endif
                return nil
            },
            gate
        )
        return code == 0 ? thread : nil
    }
}
