// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Synchronization
import Testing

@testable import KafkaProducer

/// What appenders do once another topic has taken the name of theirs.
@Suite("Retired queues")
struct RetiredQueueTests {
    private func retireAll(_ test: TestAccumulator, newCount: Int32) {
        let former = test.accumulator.update(
            topic: "t",
            partitionCount: newCount,
            available: Array(0..<newCount),
            incarnation: 1
        )
        for queue in former { queue.state.withLock { $0.retire() } }
    }

    @Test("after a topic was made again with fewer partitions, records go to those")
    func topicIsReplaced() async throws {
        let test = TestAccumulator(partitions: 3)
        let (keyed, explicit, keyless) = (test.appender(), test.appender(.explicit(2)), test.appender())
        let former = test.topic.view.queues
        for key in ["a", "b", "c"] { #expect(keyed.append(key: key, key) == .appended) }
        #expect(explicit.append("x") == .appended)
        retireAll(test, newCount: 1)
        for key in ["a", "b", "c"] { #expect(keyed.append(key: key, key) == .appended) }
        #expect(keyless.append("d") == .appended)
        #expect(explicit.append("y") == .noSuchPartition(2))
        #expect(
            explicit.absence(ofPartition: 2)
                == "the topic was deleted and made again with 1 partition; partition 2 is no longer there"
        )
        #expect(keyed.partitionCount == 1)
        #expect(try await test.takeValues() == [["a", "b", "c", "d"]])
        #expect(former.reduce(0) { $0 + $1.state.withLock { $0.count } } > 0)
    }

    @Test("a run for a partition of the former topic takes nothing, and says so")
    func runAfterReplacement() {
        let test = TestAccumulator(partitions: 3)
        let (keyed, explicit) = (test.appender(), test.appender(.explicit(2)))
        retireAll(test, newCount: 1)
        let old = KeyedPartition(2, of: 3)
        #expect(
            keyed.appendRun(to: old, timestamp: 1) { run, output in _ = run.append("a", into: &output) }
                == .partitionsChanged
        )
        #expect(
            explicit.appendRun(timestamp: 1) { run, output in _ = run.append("a", into: &output) }
                == .noSuchPartition(2)
        )
    }

    @Test("a retired queue takes nothing, before others have seen the new ones too")
    func retiredQueue() async throws {
        let test = TestAccumulator(partitions: 1)
        let appender = test.appender()
        let queue = test.queue(0)
        var isOpened = true
        queue.state.withLock { state in
            state.retire()
            isOpened = state.openedBatch(at: .uptimeNanoseconds(0))
        }
        #expect(!isOpened)
        let outcome = appender.appendRun(timestamp: 1) { run, output in _ = run.append("a", into: &output) }
        #expect(outcome == .goOn)
        #expect(queue.state.withLock { $0.count } == 0)
        #expect(queue.state.withLock { $0.isSettled })
    }
}
