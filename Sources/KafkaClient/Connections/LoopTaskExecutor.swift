// SPDX-License-Identifier: Apache-2.0

/// Runs tasks on an event loop, so that what they do ends with it: once its gate is closed they go no further.
final class LoopTaskExecutor: TaskExecutor {
    private let gate: LoopGate

    init(_ gate: LoopGate) { self.gate = gate }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        gate.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
