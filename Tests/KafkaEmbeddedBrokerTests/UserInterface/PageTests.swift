// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaCompression
import KafkaProtocol
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import KafkaEmbeddedBroker

@Suite("The page that shows a cluster")
struct PageTests {
    private static let hostile = "</script><img src=x onerror=alert(1)>\"\\"

    /// The state as JSON, for which a reader of its own is used.
    private func state(_ broker: EmbeddedBroker, _ query: String = "") async throws -> [String: Any] {
        let answer = try await PageClient(broker).get("/api/state" + query)
        try #require(answer.status == 200)
        let object = try JSONSerialization.jsonObject(with: Data(answer.body.utf8))
        return try #require(object as? [String: Any])
    }

    private func topics(_ state: [String: Any]) throws -> [[String: Any]] {
        try #require(state["topics"] as? [[String: Any]])
    }

    private func values(_ topic: [String: Any]) throws -> [String] {
        try #require(topic["records"] as? [[String: Any]]).map { record in
            let value = record["value"] as? [String: Any]
            return value?["text"] as? String ?? (value?["hex"] as? String).map { "0x\($0)" } ?? "null"
        }
    }

    @Test("one document holds all, and lets the browser run its own script alone")
    func document() async throws {
        try await withBroker {
            $0.uiPort = 0
        } _: { broker, _ in
            let answer = try await PageClient(broker).get("/")
            #expect(answer.status == 200)
            #expect(answer.body.hasPrefix("<!DOCTYPE html>"))
            #expect(answer.body.hasSuffix("</html>\n"))
            let policy = try #require(answer.head.split(separator: "\r\n").first { $0.contains("Security-Policy") })
            #expect(policy.contains("default-src 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(answer.head.contains("nosniff"))
            #expect(!answer.body.contains("innerHTML"))
            let head = try await PageClient(broker).get("/", method: "HEAD")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
        }
    }

    @Test("topics have offsets, leaders, those in sync, and their last records, newest first")
    func topics() async throws {
        try await withBroker {
            $0.uiPort = 0
            $0.brokers = 2
            $0.replicationFactor = 2
            $0.topics = ["orders": 2]
        } _: { broker, client in
            for codec in [nil, .gzip, .snappy, .lz4, .zstd] as [CodecName?] {
                let values = (1...6).map { "\(codec.map { "\($0)" } ?? "plain") \($0)" }
                try await client.append(try TestBatch.make(values, codec: codec), topic: "orders")
            }
            try await client.append(
                try TestBatch.make(["newest", Self.hostile], timestamp: TestBatch.time + 100),
                topic: "orders"
            )
            let topic = try #require(try await topics(state(broker)).first)
            #expect(topic["name"] as? String == "orders")
            let partition = try #require((topic["partitions"] as? [[String: Any]])?.first)
            #expect(partition["leader"] as? Int == 1)
            #expect(partition["inSync"] as? [Int] == [1, 2])
            #expect(partition["logStart"] as? Int == 0)
            #expect(partition["logEnd"] as? Int == 32)
            let shown = try values(topic)
            #expect(shown.count == 20)
            #expect(shown.prefix(2) == [Self.hostile, "newest"])
            #expect(shown.contains("zstd 6") && shown.contains("snappy 1"))
        }
    }

    @Test("what consumers cannot read yet is not shown, and what was aborted says so")
    func unread() async throws {
        try await withBroker {
            $0.uiPort = 0
            $0.topics = ["t": 1]
        } _: { broker, client in
            let writer = ProducerIdentity(7, 0)
            let batch = try TestBatch.keyed([(nil, "half")], producer: writer, sequence: 0, isTransactional: true)
            try await broker.eventLoop.submit { [server = broker.server] in
                let partition = try #require(server.value.cluster.topics["t"]?.partition(0))
                _ = try partition.log.append(try TestBatch.checked(batch), leaderEpoch: 0)
                partition.appended(bytes: 1)
            }.get()
            func transaction() async throws -> String? {
                let topic = try #require(try await topics(state(broker)).first)
                return (topic["records"] as? [[String: Any]])?.first?["transaction"] as? String
            }
            #expect(try await transaction() == "open")
            try await broker.eventLoop.submit { [server = broker.server] in
                let partition = try #require(server.value.cluster.topics["t"]?.partition(0))
                let marker = ControlBatch(
                    .abort,
                    producerID: 7,
                    producerEpoch: 0,
                    coordinatorEpoch: 0,
                    timestamp: 0
                )
                try partition.log.append(marker, leaderEpoch: 0)
                partition.appended(bytes: 1)
            }.get()
            #expect(try await transaction() == "aborted")
        }
    }

    @Test("a record that comes is there at the next look, and one topic can be looked at alone")
    func refreshed() async throws {
        try await withBroker {
            $0.uiPort = 0
            $0.topics = ["a": 1, "b": 3]
        } _: { broker, client in
            for value in ["first", "second"] {
                try await client.append(try TestBatch.make([value]), topic: "b")
                #expect(try values(try topics(try await state(broker))[1]).first == value)
            }
            let alone = try topics(try await state(broker, "?topic=b"))
            #expect(alone.map { $0["name"] as? String } == ["b"])
            #expect(try await PageClient(broker).get("/api/state?topic=none").status == 404)
        }
    }

    @Test("groups have members, what those read, and the lag of each partition")
    func groups() async throws {
        try await withBroker {
            $0.uiPort = 0
            $0.topics = ["t": 1]
        } _: { broker, client in
            try await client.append(try TestBatch.make(["1", "2", "3"]), topic: "t")
            let member = try await MemberClient(broker)
            try await member.beginJoin()
            try await member.joined()
            var assignment = ByteBuffer(integer: Int16(0))
            assignment.writeMultipleIntegers(Int32(1), Int16(1))
            assignment.writeString("t")
            assignment.writeMultipleIntegers(Int32(1), Int32(0), Int32(0))
            try await member.sync([member.id: String(buffer: assignment)])
            #expect(try await member.commit(1) == .none)
            let groups = try #require(try await state(broker)["groups"] as? [[String: Any]])
            #expect(groups.count == 1)
            #expect(groups[0]["name"] as? String == "g")
            #expect(groups[0]["state"] as? String == "Stable")
            #expect(groups[0]["lag"] as? Int == 2)
            let members = try #require(groups[0]["members"] as? [[String: Any]])
            #expect(members.first?["reads"] as? [String] == ["t 0"])
            await member.client.close()
        }
    }

    @Test("where everybody may not read, no records are shown")
    func hidden() async throws {
        try await withBroker {
            $0.uiPort = 0
            $0.topics = ["t": 1]
            $0.security.permissions = [try? Permission(parsing: "User:* Write Topic:*")].compactMap { $0 }
        } _: { broker, client in
            try await client.append(try TestBatch.make(["secret"]), topic: "t")
            let answer = try await PageClient(broker).get("/api/state")
            #expect(!answer.body.contains("secret"))
            #expect(answer.body.contains("recordsHidden"))
            #expect(answer.body.contains("\"logEnd\":1"))
        }
    }

    @Test("what is no request to the page is refused, and the page is there afterwards")
    func hostileRequests() async throws {
        try await withBroker {
            $0.uiPort = 0
        } _: { broker, _ in
            let page = try PageClient(broker)
            #expect(try await page.get("/", host: "evil.example").status == 403)
            #expect(try await page.get("/", host: nil).status == 400)
            #expect(try await page.get("/", method: "POST").status == 405)
            #expect(try await page.get("/none").status == 404)
            #expect(try await page.exchange("no HTTP at all\r\n\r\n").status == 400)
            let long = String(repeating: "x", count: PageRequest.largest)
            #expect(try await page.exchange("GET /\(long) HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 431)
            #expect(try await page.exchange("GET / HTTP/1.1\r\nX: \(long)").status == 431)
            #expect(try await page.get("/").status == 200)
        }
    }

    @Test("a client that never ends its request is closed when its time is over")
    func slowClient() throws {
        let cluster = try Cluster(configuration: EmbeddedBroker.Configuration(), logger: .silent)
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(PageHandler(PageService(cluster)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        channel.embeddedEventLoop.advanceTime(by: PageHandler.longest - .nanoseconds(1))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .nanoseconds(1))
        #expect(!channel.isActive)
        cluster.close()
    }

    @Test("a large cluster is shown in part, and how much is left out is said")
    func large() throws {
        var configuration = EmbeddedBroker.Configuration()
        configuration.topics = ["a": 900, "b": 900, "c": 900]
        let cluster = try Cluster(configuration: configuration, logger: .silent)
        let view = ClusterView(cluster, topic: nil) { LastRecords(of: $0) }
        #expect(view.partitionCount == 2700)
        #expect(view.topics.map(\.partitions.count) == [900, 100, 0])
        #expect(view.topics.map(\.partitionsOmitted) == [0, 800, 900])
        #expect(ClusterView(cluster, topic: cluster.topics["c"], records: nil).topics.map(\.partitions.count) == [900])
        cluster.close()
    }
}
