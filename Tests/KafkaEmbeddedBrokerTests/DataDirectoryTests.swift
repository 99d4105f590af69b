// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import KafkaProtocol
import NIOCore
import Testing

@Suite("The data directory")
struct DataDirectoryTests {
    @Test("topics, records, ids and producers are there after a restart")
    func restart() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/deep/down"
            let (topicID, producerID, clusterID) = try await withBroker {
                $0.dataDirectory = path
                $0.topics = ["orders": 3]
            } _: { _, client in
                let batch = try TestBatch.make(producerID: 9, epoch: 0, sequence: 0)
                try await client.append(batch, topic: "orders", partition: 2)
                return (
                    try await client.topicID(of: "orders"),
                    try await client.send(InitProducerIDRequest(transactionalID: nil), version: 4).producerID,
                    try await client.send(MetadataRequest(), version: 9).clusterID
                )
            }
            try await withBroker {
                $0.dataDirectory = path
                $0.topics = ["orders": 7]
            } _: { broker, client in
                #expect(await broker.topics == ["orders": 3])
                #expect(try await client.topicID(of: "orders") == topicID)
                #expect(try await client.send(MetadataRequest(), version: 9).clusterID == clusterID)
                let next = try await client.send(InitProducerIDRequest(transactionalID: nil), version: 4).producerID
                #expect(next > producerID)
                let records = try await broker.records(topic: "orders", partition: 2)
                #expect(records.map { $0.value.map { String(buffer: $0) } } == ["one", "two", "three"])
                let again = try TestBatch.make(producerID: 9, epoch: 0, sequence: 0)
                let response = try await client.send(
                    ProduceRequest(again, topic: "orders", partition: 2),
                    version: 9
                )
                #expect(response.single.errorCode == .none)
                #expect(response.single.baseOffset == 0)
                #expect(try await broker.logEndOffset(topic: "orders", partition: 2) == 3)
            }
        }
    }

    @Test("the files are where Kafka has them")
    func layout() async throws {
        try await withTemporaryDirectory { directory in
            try await withBroker {
                $0.dataDirectory = directory
                $0.topics = ["a-b": 2]
            } _: { _, client in
                let id = try await client.topicID(of: "a-b")
                let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
                #expect(names == [".lock", "a-b-0", "a-b-1", "meta.properties"])
                let metadata = try String(contentsOfFile: directory + "/a-b-1/partition.metadata", encoding: .utf8)
                #expect(metadata == "version: 0\ntopic_id: \(id)\n")
                #expect(FileManager.default.fileExists(atPath: directory + "/a-b-0/00000000000000000000.log"))
            }
        }
    }

    @Test("a directory belongs to one broker at a time")
    func lock() async throws {
        try await withTemporaryDirectory { directory in
            var configuration = EmbeddedBroker.Configuration()
            configuration.dataDirectory = directory
            let first = try await EmbeddedBroker.start(configuration, logger: .silent)
            let error = await failure(starting: configuration)
            #expect(error?.code == .dataDirectoryInUse)
            #expect(error?.message.contains(directory) == true)
            await first.stop()
            let second = try await EmbeddedBroker.start(configuration, logger: .silent)
            await second.stop()
        }
    }

    @Test("a directory that cannot be made is an error")
    func impossible() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/file"
            try Data().write(to: URL(fileURLWithPath: file))
            var configuration = EmbeddedBroker.Configuration()
            configuration.dataDirectory = file + "/data"
            let error = await failure(starting: configuration)
            #expect(error?.code == .storage)
        }
    }

    @Test("a topic whose files cannot be made is an error and leaves nothing behind")
    func impossibleTopic() async throws {
        try await withTemporaryDirectory { directory in
            try await withBroker {
                $0.dataDirectory = directory
                $0.partitions = 3
            } _: { broker, client in
                try Data().write(to: URL(fileURLWithPath: directory + "/new-0"))
                let request = MetadataRequest(topics: [MetadataRequest.Topic(name: "new")])
                let response = try await client.send(request, version: 9)
                #expect(response.topics.first?.errorCode == .kafkaStorageError)
                #expect(await broker.topics.isEmpty)
                let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
                #expect(names == [".lock", "meta.properties", "new-0"])
            }
        }
    }

    #if os(Linux)
        /// Every test that starts a program copies all open files for a moment, and a restart at that moment found the
        /// directory in use.
        @Test("a directory is free when its broker has stopped, though a program being started has a copy of the lock")
        func copiedLock() async throws {
            try await withTemporaryDirectory { directory in
                var configuration = EmbeddedBroker.Configuration()
                configuration.dataDirectory = directory
                let first = try await EmbeddedBroker.start(configuration, logger: .silent)
                let own = try #require(
                    FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }.first {
                        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
                        return path == directory + "/.lock"
                    }
                )
                let copy = dup(own)
                defer { close(copy) }
                await first.stop()
                #expect(await failure(starting: configuration) == nil)
            }
        }

        @Test("a full disk is a storage error for the producer, and the broker lives")
        func fullDisk() async throws {
            try await withTemporaryDirectory { directory in
                try FileManager.default.createDirectory(
                    atPath: directory + "/orders-0",
                    withIntermediateDirectories: true
                )
                try FileManager.default.createSymbolicLink(
                    atPath: directory + "/orders-0/00000000000000000000.log",
                    withDestinationPath: "/dev/full"
                )
                try await withBroker {
                    $0.dataDirectory = directory
                    $0.topics = ["other": 1]
                } _: { broker, client in
                    let request = ProduceRequest(try TestBatch.make(), topic: "orders")
                    #expect(try await client.send(request, version: 9).single.errorCode == .kafkaStorageError)
                    #expect(try await broker.logEndOffset(topic: "orders", partition: 0) == 0)
                    try await client.append(try TestBatch.make(), topic: "other")
                }
            }
        }
    #endif
}
