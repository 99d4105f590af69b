// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Synchronization

/// A load of `perf` under way.
final class WatchedPerf: WatchedLoad {
    let producer: KafkaProducer
    let outputs = RecordOutputs.none
    let workAfterSignal = "waiting for what was sent"
    private let recorder: PerfRecorder
    private let hasTopic = Atomic<Bool>(false)

    init(_ producer: KafkaProducer, _ recorder: PerfRecorder) {
        self.producer = producer
        self.recorder = recorder
    }

    var news: RunNews { recorder.news }
    var ledger: Ledger { recorder.ledger }
    var isUnderWay: Bool { hasTopic.load(ordering: .acquiring) }

    /// The cluster and the topic are known, and records go to them.
    func begins() { hasTopic.store(true, ordering: .releasing) }
}
