// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// What a signal must reach while perf runs: the request to stop, and a producer that still waits for its cluster.
final class PerfControl: Sendable {
    let stop: StopRequest
    private let waiting = Mutex<KafkaProducer?>(nil)

    init(stop: StopRequest) { self.stop = stop }

    /// A producer begins to wait for its cluster, or nobody does any more.
    func waits(_ producer: KafkaProducer?) {
        waiting.withLock { $0 = producer }
    }

    /// Ends a wait for the cluster.
    func cancelWait() {
        guard let producer = waiting.withLock({ $0 }) else { return }
        Task { await producer.close(timeout: .zero) }
    }
}
