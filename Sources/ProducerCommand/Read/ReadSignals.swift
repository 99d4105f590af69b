// SPDX-License-Identifier: Apache-2.0
import Platform

/// Does what signals ask of a `read`: the first one ends it, a second one the process, and SIGUSR1 asks how far it is.
struct ReadSignals {
    /// How long after a signal standard output may take nothing.
    private static let patience = Duration.seconds(1)

    private let run: Run
    private let output: ReadOutput

    init(_ run: Run, _ output: ReadOutput) { (self.run, self.output) = (run, output) }

    /// Runs `body`, which is cancelled by a signal.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        // Before signals are watched, one would end the process without a word.
        let (gate, opening) = AsyncStream.makeStream(of: Never.self)
        let task = Task {
            for await _ in gate {}
            return await body()
        }
        let (run, output) = (run, output)
        let leave: @Sendable (Int32, String) -> Never = { signal, reason in
            run.console.error("left at once: \(reason); \(NumberText.grouped(output.account.records)) records read")
            _exit(ExitStatus.signal(signal).code)
        }
        SignalWatch.start(
            onReport: {
                let account = output.account
                run.console.answer(
                    "so far: \(NumberText.grouped(account.records)) records read, \(NumberText.bytes(account.bytes))"
                )
            },
            onEnd: { signal in
                guard run.stop.received(signal, announce: {}) else { leave(signal, "a second signal") }
                task.cancel()
                Task {
                    var left = Int.max
                    while output.backlog > 0, output.backlog < left {
                        left = output.backlog
                        try? await Task.sleep(for: Self.patience)
                    }
                    if output.backlog > 0 { leave(signal, "stdout takes nothing") }
                }
            }
        )
        opening.finish()
        return await task.value
    }
}
