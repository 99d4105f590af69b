// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker
import Logging
import Testing

/// The embedded broker's groups beside clients that this project did not write.
@Suite("Interop: consumer groups of other clients", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct GroupInteropTests {
    private static let count = 100

    /// A broker with so many records, over four partitions in turn.
    private static func withRecords(
        brokers: Int = 1,
        _ body: (EmbeddedBroker, String) async throws -> Void
    ) async throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.topics = ["t": 4]
        configuration.brokers = brokers
        let broker = try await EmbeddedBroker.start(
            configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let bootstrap = broker.bootstrapServers.joined(separator: ",")
        do {
            let records = (0..<count).map { StoredRecord.text("\($0)", partition: Int32($0 % 4)) }
            _ = try await ConfluentKafka.produce(records, to: "t", at: bootstrap)
            try await body(broker, bootstrap)
        } catch {
            await broker.stop()
            throw error
        }
        await broker.stop()
    }

    @Test(
        "confluent-kafka's members share a topic, and never a partition",
        arguments: ["range", "roundrobin", "cooperative-sticky"],
        [[], ["--static"]]
    )
    func share(strategy: String, options: [String]) async throws {
        try await Self.withRecords(brokers: 3) { broker, bootstrap in
            let lines = try await ConfluentKafka.groups(
                "share",
                "t",
                at: bootstrap,
                ["--strategy", strategy, "--members", "3", "--count", "\(Self.count)"] + options
            )
            var own: [String: Set<Int32>] = [:]
            var read: Set<String> = []
            for line in lines {
                if let partitions = line.partitions {
                    own[line.member] = Set(partitions)
                    let all = own.values.flatMap { $0 }
                    #expect(Set(all).count == all.count, "two members have one partition: \(own)")
                } else if let partition = line.partition, let value = line.value {
                    #expect(own[line.member]?.contains(partition) == true, "\(line)")
                    read.insert(value)
                }
            }
            #expect(read == Set((0..<Self.count).map(String.init)))
            #expect(Set(lines.map(\.member)).count == 3)
            for partition in 0..<4 {
                let committed = try await broker.committedOffset(group: "groups", topic: "t", partition: partition)
                #expect(committed?.offset == 25)
            }
        }
    }

    @Test(
        "what a member had read and not committed when it was killed is read again by the next one, be it kcat",
        arguments: ["confluent-kafka", "kcat"]
    )
    func atLeastOnce(next: String) async throws {
        try await Self.withRecords { broker, bootstrap in
            let lost = try await ConfluentKafka.groups("die", "t", at: bootstrap, ["--count", "40"])
            let seen = Set(lost.compactMap(\.value))
            #expect(seen.count == 40)
            // Its session ends.
            try await broker.passTime(.seconds(7))
            let again: [String]
            if next == "kcat" {
                again = try await Kcat.readAsMember(of: "groups", "t", from: bootstrap).map { line in
                    line.split(separator: " ").last.map(String.init) ?? ""
                }
            } else {
                again = try await ConfluentKafka.groups("drain", "t", at: bootstrap, ["--count", "\(Self.count)"])
                    .compactMap(\.value)
            }
            #expect(again.count == Self.count)
            #expect(Set(again).isSuperset(of: seen))
        }
    }

    @Test("kcat -G reads all once, and nothing the second time")
    func kcat() async throws {
        try await Self.withRecords { broker, bootstrap in
            let lines = try await Kcat.readAsMember(of: "k", "t", from: bootstrap)
            #expect(lines.count == Self.count && Set(lines).count == Self.count)
            #expect(try await broker.committedOffset(group: "k", topic: "t", partition: 3)?.offset == 25)
            #expect(try await Kcat.readAsMember(of: "k", "t", from: bootstrap).isEmpty)
        }
    }

    @Test(
        "Java's members share a topic, and its administrator looks after their group",
        arguments: ["RangeAssignor", "CooperativeStickyAssignor"],
        [false, true]
    )
    func java(assignor: String, isStatic: Bool) async throws {
        try await Self.withRecords(brokers: 3) { _, bootstrap in
            let strategy = "partition.assignment.strategy=org.apache.kafka.clients.consumer.\(assignor)"
            let finished = try await JavaClient.execute(
                "GroupClient",
                ["-X", strategy] + (isStatic ? ["-X", "static=yes"] : []) + [bootstrap, "t", "3", "\(Self.count)"]
            )
            #expect(finished.status == 0, "\(finished)")
            var own: [Substring: Set<Substring>] = [:]
            var read: Set<String> = []
            var said: [String] = []
            for line in finished.outputLines {
                let words = line.split(separator: " ")
                switch words.first {
                case "has":
                    own[words[1]] = Set(words[2...])
                    let all = own.values.flatMap { $0 }
                    #expect(Set(all).count == all.count, "two members have one partition: \(own)")
                case "read":
                    #expect(own[words[1]]?.contains(words[2]) == true, "\(line)")
                    read.insert("\(words[2]) \(words[3])")
                default: said.append(line)
                }
            }
            #expect(read.count == Self.count)
            let name = assignor == "RangeAssignor" ? "range" : "cooperative-sticky"
            #expect(
                said == [
                    "group Stable, Classic, \(name), 3 members with 4 partitions",
                    "listed java group consumer",
                    "not deleted: GroupNotEmptyException",
                    "offset not deleted: GroupSubscribedToTopicException",
                ] + (isStatic ? ["removed, left 2"] : []) + [
                    "group Empty, Classic, , 0 members with 0 partitions",
                    "offsets left 3",
                    "groups left 0",
                ]
            )
        }
    }
}
