// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import KafkaProducer
import KafkaRecords
import Testing

@testable import ProducerCommand

/// Appenders of the topics that records name, on a thread that may block.
@Suite("TopicLanes", .takesTurns, .timeLimit(.minutes(10)))
struct TopicLanesTests {
    /// What became of a record's look for its appender.
    private enum Found: Equatable {
        case partitions(Int32)
        case failed(ProducerError.Code)
    }

    /// Looks for the appender of each topic and partition in turn, in one thread, with one owner.
    private func find(
        _ wanted: [(topic: String, partition: Int32?)],
        maxBlock: Duration,
        known: [String] = [],
        _ prepare: @escaping @Sendable (KafkaProducer) -> Void = { _ in }
    ) async throws -> [Found] {
        var cluster = EmbeddedBroker.Configuration()
        cluster.autoCreateTopics = false
        cluster.topics = ["a": 1, "b": 2]
        let broker = try await EmbeddedBroker.start(cluster)
        let servers = PropertySource(name: "-b", key: "bootstrap.servers", value: broker.bootstrap)
        var configuration = try ProducerConfiguration(merging: [servers])
        configuration.maxBlock = maxBlock
        let producer = try KafkaProducer(configuration: configuration)
        // Without time to wait: a try leaves the topic to be found out, until it is known.
        for topic in known { while (try? await producer.appender(topic: topic)) == nil { await Task.yield() } }
        let found = await BlockingThread.run {
            var lanes = TopicLanes(producer)
            prepare(producer)
            return wanted.map { topic, partition in
                do throws(ProducerError) {
                    let appender = try lanes.appender(for: topic, partition: partition)
                    return appender.topic == topic ? Found.partitions(appender.partitionCount) : .failed(.closed)
                } catch {
                    return .failed(error.code)
                }
            }
        }
        await producer.close()
        await broker.stop()
        return found
    }

    @Test("each topic has its own appender, which records of changing topics find again")
    func topics() async throws {
        let wanted: [(String, Int32?)] = [("a", nil), ("b", 1), ("a", 0), ("b", nil), ("b", -1)]
        #expect(
            try await find(wanted, maxBlock: .seconds(3600))
                == [.partitions(1), .partitions(2), .partitions(1), .partitions(2), .failed(.unknownPartition)]
        )
    }

    @Test("a topic or partition that is not there fails alone, and is not waited for again")
    func missing() async throws {
        let wanted: [(String, Int32?)] = [
            ("a", nil), ("missing", nil), ("missing", 0), ("b", 7), ("b", 7), ("b", 1), ("a", nil),
        ]
        let found = try await find(wanted, maxBlock: .zero, known: ["a", "b"])
        #expect(found[0] == .partitions(1) && found[5] == .partitions(2) && found[6] == .partitions(1))
        #expect(found[3] == .failed(.unknownPartition) && found[4] == found[3])
        // By how far the metadata has come it is a time-out, or what the broker says.
        guard case .failed = found[1] else { return #expect(Bool(false), "\(found)") }
        #expect(found[2] == found[1])
    }

    @Test("an interruption ends the wait for what is not known")
    func interruption() async throws {
        let found = try await find([("missing", nil), ("missing", nil)], maxBlock: .seconds(3600)) { producer in
            producer.interruptTopicWaits()
        }
        #expect(found == [.failed(.interrupted), .failed(.interrupted)])
    }
}
