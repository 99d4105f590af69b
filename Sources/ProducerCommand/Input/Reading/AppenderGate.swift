// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaProducer
import Synchronization

/// Where the reading thread, which has its first chunk, waits for the cluster to be known.
final class AppenderGate: Sendable {
    /// What is known of the cluster.
    enum Answer: Sendable {
        /// All records go to this topic, and this partition if there is one, which are known. The reading thread asks this producer
        /// for what it appends with.
        case topic(String, partition: Int32?, of: KafkaProducer)
        /// Each record names its topic, which the reading thread asks this producer for.
        case topics(KafkaProducer)
        /// There will be none, and what was read fails for this reason.
        case refused(RecordFault)
    }

    private let answer = Mutex<Answer?>(nil)
    private let late = Mutex<ProducerError?>(nil)
    private let opened = DispatchSemaphore(value: 0)

    /// Why no broker could be reached, where that was found when the first topic was asked for.
    var lateRefusal: ProducerError? { late.withLock { $0 } }

    /// Notes that no broker could be reached.
    func noteRefusal(_ error: ProducerError) { late.withLock { $0 = error } }

    /// Whether the answer is known.
    var isOpen: Bool { answer.withLock { $0 != nil } }

    /// Lets the thread go on.
    func open(with answer: Answer) {
        self.answer.withLock { $0 = answer }
        opened.signal()
    }

    /// The answer, once there is one.
    @available(*, noasync)
    func wait() -> Answer {
        while true {
            if let answer = answer.withLock({ $0 }) { return answer }
            opened.wait()
            opened.signal()
        }
    }
}
