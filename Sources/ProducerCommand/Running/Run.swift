// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// What every run has, be it of `send`, `resend` or `perf`: a person to report to, a clock, and the request to stop.
struct Run: Sendable {
    /// How often the person who waits is thought of.
    static let passInterval = Duration.milliseconds(200)

    let console: Console
    let clock: RunClock
    let stop: StopRequest

    /// Throws when no file descriptor is left.
    init(console: Console, clock: RunClock = RunClock()) throws(UsageError) {
        guard let wakeUp = WakeUp() else { throw UsageError("no file descriptor is left for this process") }
        self.init(console: console, clock: clock, stop: StopRequest(wakeUp: wakeUp))
    }

    private init(console: Console, clock: RunClock, stop: StopRequest) {
        self.console = console
        self.clock = clock
        self.stop = stop
    }

    /// The same run with a clock that begins now, for one of its loads.
    func withNewClock() -> Run { Run(console: console, clock: RunClock(), stop: stop) }

    /// Runs `body` every now and then until the task is cancelled.
    static func eachPass(_ body: () async -> Void) async {
        while (try? await Task.sleep(for: passInterval)) != nil { await body() }
    }

    /// Waits until everything is delivered or has failed: after a signal no longer than `delivery.timeout.ms` from then.
    func settle(_ producer: KafkaProducer) async {
        guard let time = stop.time else { return await flush(producer) }
        let left = producer.configuration.deliveryTimeout - (ContinuousClock.now - time)
        await withTaskGroup { group in
            group.addTask {
                guard (try? await Task.sleep(for: max(.zero, left))) != nil else { return }
                await producer.close(timeout: .zero)
            }
            await flush(producer)
            group.cancelAll()
        }
    }

    /// A cancelled wait leaves what is there to the closing of the producer.
    private func flush(_ producer: KafkaProducer) async {
        do throws(ProducerError) { try await producer.flush() } catch { return }
    }
}
