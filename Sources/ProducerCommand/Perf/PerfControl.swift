// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// What a signal must reach while perf runs: the request to stop, and a producer that still waits for its cluster.
final class PerfControl: Sendable {
    let stop: StopRequest
    private let waiting = Mutex<KafkaProducer?>(nil)
    private let accounting = Mutex<Accounting?>(nil)

    /// In a struct, since a bare closure in a `Mutex` is wrapped anew with each look.
    private struct Accounting: Sendable {
        let text: @Sendable () -> String
    }

    init(stop: StopRequest) { self.stop = stop }

    /// The account of the load under way, in one line; nil between loads.
    var account: String? { accounting.withLock { $0 }?.text() }

    /// A load begins, whose account `text` tells.
    func accounts(by text: @escaping @Sendable () -> String) { accounting.withLock { $0 = Accounting(text: text) } }

    /// A producer begins to wait for its cluster, or nobody does any more.
    func waits(_ producer: KafkaProducer?) {
        waiting.withLock { $0 = producer }
    }

    /// Whether a producer waits for its cluster, or for the topic.
    var isWaiting: Bool { waiting.withLock { $0 != nil } }

    /// Ends such a wait.
    func interruptWait() {
        waiting.withLock { $0 }?.interruptTopicWaits()
    }
}
