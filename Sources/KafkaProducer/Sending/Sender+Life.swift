// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Flushing and closing.
extension Sender {
    /// Connects early, so that the first record finds a way open.
    func begin(bootstrap servers: [BootstrapServer]) {
        bootstrap = servers.map { BrokerAddress(nodeID: nil, host: $0.host, port: $0.port) }
        cluster.rebootstrap(bootstrap)
        run()
    }

    /// Nothing lingers until ``flushEnded()``.
    func flushBegan() {
        flushes += 1
        run()
    }

    func flushEnded() { flushes -= 1 }

    /// Takes no more waits; everything that is here is sent without lingering.
    func closeBegan() {
        isClosing = true
        for waiter in topicWaiters { waiter.continuation.resume(returning: .failure(.closedProducer)) }
        topicWaiters = []
        run()
    }

    /// Fails what is left and ends all connections.
    func closeEnded() {
        failEverything(.closedForcefully)
        isClosed = true
        cancelTimer()
        for connection in connections.values { for channel in connection.ended() { channel.close(promise: nil) } }
        connections = [:]
    }

    /// Fails every batch, queued or in flight.
    func failEverything(_ error: ProducerError) {
        adoptNewQueues()
        for index in partitions.indices {
            for batch in partitions[index].inFlight {
                counters.update { counts in
                    counts.batchesInFlight -= 1
                    counts.recordsInFlight -= batch.recordCount
                }
                fail(batch, error.at(batch.queue))
            }
            partitions[index].inFlight = []
            partitions[index].isMuted = false
            failQueued(index, error.at(partitions[index].queue))
        }
    }

    /// What to do about a broker's error, in one clause.
    nonisolated func advice(on error: ErrorCode) -> String { error.explanation }
}

extension ProducerError {
    static let closedProducer = ProducerError(.closed, message: "the producer is closed")
    /// An earlier record of the partition failed, and later ones must not overtake it.
    static func stopped(topic: String, partition: Int32) -> ProducerError {
        ProducerError(
            .partitionStopped,
            topic: topic,
            partition: partition,
            message: "not sent, since an earlier record of this partition failed and must not be overtaken"
        )
    }

    static let closedForcefully = ProducerError(.closed, message: "Producer is closed forcefully.")

    /// The same failure, of one partition.
    func at(_ queue: PartitionQueue) -> ProducerError {
        ProducerError(code, topic: queue.topic, partition: queue.partition, broker: broker, message: message)
    }
}
