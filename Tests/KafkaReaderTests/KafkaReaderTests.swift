// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaEmbeddedBroker
import KafkaProducer
import KafkaProtocol
import KafkaReader
import Testing

/// The reader with the producer and the embedded broker.
@Suite("Reading topics", .timeLimit(.minutes(10)))
struct KafkaReaderTests {
    @Test(
        "what the producer sent is read, in its order, whatever the codec",
        arguments: [.none, .gzip(), .snappy, .lz4(), .zstd()] as [Compression]
    )
    func codecs(compression: Compression) async throws {
        try await TestCluster.run(partitions: 2) { cluster in
            let values = (0..<500).map { "value \($0)" }
            try await cluster.send(values, partition: 1, compression: compression)
            #expect(try await cluster.values(1) == values)
            #expect(try await cluster.values(0) == [])
        }
    }

    @Test("a record is read with all that it has")
    func records() async throws {
        try await TestCluster.run { cluster in
            try await cluster.send(["a"], timestamp: 77)
            let reader = try cluster.reader.read("t", partition: 0)
            let record = try #require(try await reader.next()?.first)
            #expect(record.offset == 0 && record.timestamp == 77 && record.key == nil && record.headers == [])
            #expect(try await reader.next() == nil)
            #expect(try await reader.next() == nil)
        }
    }

    @Test(
        "reading begins and ends where it is told to",
        arguments: [
            (.earliest, .latestAtStart, 0..<6), (.offset(2), .latestAtStart, 2..<6), (.offset(2), .offset(4), 2..<4),
            (.earliest, .offset(1), 0..<1), (.latest, .latestAtStart, 0..<0), (.timestamp(30), .latestAtStart, 3..<6),
            (.timestamp(99), .latestAtStart, 0..<0), (.offset(6), .latestAtStart, 0..<0),
        ] as [(ReadStart, ReadEnd, Range<Int>)]
    )
    func bounds(start: ReadStart, end: ReadEnd, expected: Range<Int>) async throws {
        try await TestCluster.run { cluster in
            for number in 0..<6 { try await cluster.send(["\(number)"], timestamp: Int64(number * 10)) }
            #expect(try await cluster.values(from: start, to: end) == expected.map { "\($0)" })
        }
    }

    @Test("small fetches bring everything")
    func smallFetches() async throws {
        try await TestCluster.run(configure: { $0.fetchBytes = 1 }) { cluster in
            for number in 0..<20 { try await cluster.send(["\(number)"]) }
            #expect(try await cluster.values() == (0..<20).map { "\($0)" })
        }
    }

    @Test("a reader that never ends gets what is appended later, and says so when it is cancelled")
    func follows() async throws {
        try await TestCluster.run { cluster in
            try await cluster.send(["a"])
            let reader = try cluster.reader.read("t", partition: 0, to: .never)
            #expect(try await reader.next()?.values == ["a"])
            async let later = reader.next()
            try await cluster.send(["b"])
            #expect(try await later?.values == ["b"])
            let waiting = Task { try await reader.next() }
            waiting.cancel()
            let error = await #expect(throws: ReaderError.self) { try await waiting.value }
            #expect(error?.code == .cancelled)
            // The next call goes on.
            try await cluster.send(["c"])
            #expect(try await reader.next()?.values == ["c"])
        }
    }

    @Test("partitions are read side by side over the same connections, those that end and those that do not")
    func sideBySide() async throws {
        try await TestCluster.run(partitions: 4, brokers: 2) { cluster in
            #expect(try await cluster.reader.partitionCount(of: "t") == 4)
            for partition: Int32 in 0..<4 { try await cluster.send(["\(partition)"], partition: partition) }
            let values = try await withThrowingTaskGroup(of: [String].self) { group in
                for partition: Int32 in 0..<4 {
                    let end = partition < 2 ? ReadEnd.latestAtStart : .offset(1)
                    group.addTask { try await cluster.values(partition, to: end) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(values.sorted() == ["0", "1", "2", "3"])
        }
    }

    // MARK: what goes wrong

    @Test("when the leader moves, reading goes on at the new one", arguments: [true, false], [0, 3])
    func leaderMoves(hints: Bool, staleMetadata: Int) async throws {
        try await TestCluster.run(brokers: 3) { cluster in
            let reader = try cluster.reader.read("t", partition: 0, to: .never)
            for round in 0..<3 {
                try await cluster.send(["\(round)"])
                #expect(try await reader.next()?.values == ["\(round)"])
                try await cluster.broker.moveLeader(
                    topic: "t",
                    partition: 0,
                    hints: hints,
                    staleMetadata: staleMetadata
                )
            }
        }
    }

    @Test("when the leader moves while records are waited for, they come from the new one")
    func leaderMovesMeanwhile() async throws {
        try await TestCluster.run(brokers: 2) { cluster in
            try await cluster.send(["a"])
            let reader = try cluster.reader.read("t", partition: 0, to: .never)
            #expect(try await reader.next()?.values == ["a"])
            async let next = reader.next()
            try await cluster.broker.moveLeader(topic: "t", partition: 0)
            try await cluster.send(["b"])
            #expect(try await next?.values == ["b"])
        }
    }

    @Test(
        "lost connections, late leaders and damaged answers are got over",
        arguments: [
            "fetch 1-3 drop", "fetch 1-2 half-answer", "fetch 1-2 wrong-correlation-id", "fetch 1 torn 50",
            "list-offsets 1-3 drop", "list-offsets 1-2 error LEADER_NOT_AVAILABLE",
            "fetch 1-3 error FENCED_LEADER_EPOCH",
            "fetch 1-3 error UNKNOWN_LEADER_EPOCH", "metadata 1-2 drop", "fetch 1-2 error KAFKA_STORAGE_ERROR",
        ]
    )
    func faults(line: String) async throws {
        try await TestCluster.run { cluster in
            try await cluster.send(["a", "b", "c"])
            try await cluster.broker.inject(try Fault(parsing: line))
            #expect(try await cluster.values() == ["a", "b", "c"])
            #expect(await cluster.broker.performedFaults.allSatisfy { $0.count > 0 })
        }
    }

    @Test("a broker that stops and starts again is read on from")
    func restarts() async throws {
        try await TestCluster.run { cluster in
            try await cluster.send(["a"])
            let reader = try cluster.reader.read("t", partition: 0, to: .never)
            #expect(try await reader.next()?.values == ["a"])
            try await cluster.broker.stop(node: 1, keepingLeaders: true)
            async let next = reader.next()
            try await cluster.broker.start(node: 1)
            try await cluster.send(["b"])
            #expect(try await next?.values == ["b"])
        }
    }

    @Test("an offset out of range is an error that names the range, the topic and the broker")
    func outOfRange() async throws {
        try await TestCluster.run { cluster in
            try await cluster.send(["a", "b"])
            for end in [ReadEnd.never, .latestAtStart, .offset(100)] {
                let reader = try cluster.reader.read("t", partition: 0, from: .offset(7), to: end)
                let error = await #expect(throws: ReaderError.self) { try await reader.next() }
                #expect(error?.code == .offsetOutOfRange)
                #expect(error?.broker?.nodeID == 1)
                #expect(error?.message.contains("offset 7") == true && error?.message.contains("0 to 2") == true)
            }
        }
    }

    @Test("a topic or partition that is not there is an error, and is not made")
    func unknown() async throws {
        try await TestCluster.run(configure: { $0.topicTimeout = .zero }) { cluster in
            var error = await #expect(throws: ReaderError.self) { try await cluster.reader.partitionCount(of: "other") }
            #expect(error?.code == .unknownTopic)
            let other = try cluster.reader.read("other", partition: 0)
            error = await #expect(throws: ReaderError.self) { try await other.next() }
            #expect(error?.code == .unknownTopic)
            let ninth = try cluster.reader.read("t", partition: 9)
            error = await #expect(throws: ReaderError.self) { try await ninth.next() }
            #expect(error?.code == .unknownPartition)
            #expect(error?.description == "t-9: there is no such partition: the topic has 1, counted from 0")
            #expect(await cluster.broker.topics == ["t": 1])
        }
    }

    @Test("a topic that was made anew is not read on")
    func replaced() async throws {
        try await TestCluster.run { cluster in
            try await cluster.send(["a"])
            let reader = try cluster.reader.read("t", partition: 0, to: .never)
            #expect(try await reader.next()?.values == ["a"])
            try await cluster.broker.recreate(topic: "t", partitions: 1)
            try await cluster.send(["x", "y", "z"])
            let error = await #expect(throws: ReaderError.self) { try await reader.next() }
            #expect(error?.code == .topicReplaced)
        }
    }

    @Test("what a broker refuses is an error of its name")
    func refused() async throws {
        try await TestCluster.run { cluster in
            try await cluster.broker.inject(Fault(.error(.topicAuthorizationFailed), to: .fetch))
            let reader = try cluster.reader.read("t", partition: 0, to: .never)
            let error = await #expect(throws: ReaderError.self) { try await reader.next() }
            #expect(error?.brokerError == .topicAuthorizationFailed)
            #expect(error?.description.contains("TOPIC_AUTHORIZATION_FAILED") == true)
        }
    }

    @Test(
        "a broker that cannot be read from is an error, not a wait, also one that cannot be told to make no topics",
        arguments: [ReadStart.earliest, .offset(0)],
        [Int16(9), 3]
    )
    func unsupported(start: ReadStart, metadataVersion: Int16) async throws {
        let broker = try await MetadataOnlyBroker(upTo: metadataVersion)
        let reader = try KafkaReader(.test([broker.port]), logger: .silent)
        let partition = try reader.read("t", partition: 0, from: start, to: .never)
        // Once all is known and connected, no event comes that would wake whoever waits, and no timer that is left over.
        for _ in 0..<5 {
            let error = await #expect(throws: ReaderError.self) { try await partition.next() }
            #expect(error?.code == .unsupportedVersion)
            #expect(error?.broker?.port == broker.port)
        }
        await reader.close()
        try await broker.stop()
    }

    @Test("a closed reader wakes whoever waits, and refuses whoever comes")
    func close() async throws {
        try await TestCluster.run { cluster in
            let reader = try cluster.reader.read("t", partition: 0, from: .offset(0), to: .never)
            async let waiting = reader.next()
            await cluster.reader.close()
            do {
                _ = try await waiting
                Issue.record("there was nothing to read")
            } catch {
                #expect((error as? ReaderError)?.code == .closed)
            }
            let error = await #expect(throws: ReaderError.self) { try await cluster.reader.partitionCount(of: "t") }
            #expect(error?.code == .closed)
        }
    }

    @Test("settings that are impossible are refused")
    func configuration() {
        let broker = BrokerAddress(nodeID: nil, host: "h", port: 9092)
        var wrong = [ReaderConfiguration](repeating: ReaderConfiguration(bootstrap: [broker]), count: 4)
        wrong[0].bootstrap = []
        wrong[1].fetchBytes = 0
        wrong[2].batchBytes = 0
        wrong[3].bootstrap = [BrokerAddress(nodeID: nil, host: "h", port: 0)]
        for configuration in wrong {
            let error = #expect(throws: ReaderError.self) { try KafkaReader(configuration) }
            #expect(error?.code == .configuration)
        }
    }
}
