// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import KafkaEmbeddedBroker

@Suite("What is written down of topics' settings")
struct TopicsJournalTests {
    private func open(_ directory: String, _ recorder: DiskRecorder = DiskRecorder()) throws -> Cluster {
        var configuration = EmbeddedBroker.Configuration()
        configuration.dataDirectory = directory
        let cluster = try Cluster(configuration: configuration, logger: .silent, disk: recorder.disk)
        cluster.nodes = NodeTable([Node(id: 1, host: "localhost", port: 9092)])
        return cluster
    }

    private func settings(_ policy: String, _ bytes: Int) -> TopicSettings {
        var settings = TopicSettings()
        settings[.cleanupPolicy] = policy
        settings[.segmentBytes] = "\(bytes)"
        return settings
    }

    /// Bytes written to the file since the last call.
    private func written(_ recorder: DiskRecorder) -> Int {
        recorder.takeWritten().filter { $0.key.hasSuffix("topics.state") }.values.reduce(0, +)
    }

    @Test("a topic that is made, changed or deleted costs a line of its own, and not one for each topic")
    func cost() async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            let cluster = try open(directory, recorder)
            for number in 0..<200 {
                try cluster.createTopic("t\(number)", assignments: [[1]], settings: settings("compact", 1000 + number))
            }
            _ = recorder.takeWritten()
            try cluster.createTopic("one", assignments: [[1]], settings: settings("compact", 1000))
            #expect((1...100).contains(written(recorder)))
            let topic = try #require(cluster.topics["one"])
            try cluster.change(topic, settings("delete", 2000))
            #expect((1...100).contains(written(recorder)))
            try cluster.change(topic, settings("delete", 2000))
            #expect(written(recorder) == 0)
            try cluster.deleteTopic(topic)
            #expect(written(recorder) == 4)
            try cluster.createTopic("plain", assignments: [[1]])
            #expect(written(recorder) == 0)
            cluster.close()
        }
    }

    @Test("settings are there after a restart, and those of a topic that was deleted do not come back with its name")
    func restart() async throws {
        try await withTemporaryDirectory { directory in
            let both = settings("compact,delete", 1000)
            var cluster = try open(directory)
            try cluster.createTopic("kept", assignments: [[1]], settings: both)
            try cluster.createTopic("changed", assignments: [[1]], settings: both)
            try cluster.createTopic("gone", assignments: [[1]], settings: both)
            try cluster.replaceSettings(of: #require(cluster.topics["changed"]), by: settings("delete", 5000))
            try cluster.deleteTopic(#require(cluster.topics["gone"]))
            cluster.close()
            cluster = try open(directory)
            #expect(cluster.topics["kept"]?.settings == both)
            #expect(cluster.topics["changed"]?.settings == settings("delete", 5000))
            #expect(cluster.topics["gone"] == nil)
            try cluster.createTopic("gone", assignments: [[1]])
            cluster.close()
            cluster = try open(directory)
            #expect(cluster.topics["gone"]?.settings == TopicSettings())
            cluster.close()
        }
    }

    @Test("a last line that was torn is cut off, and what is written next is read")
    func torn() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/topics.state"
            var cluster = try open(directory)
            try cluster.createTopic("t", assignments: [[1]], settings: settings("compact", 1000))
            cluster.close()
            let whole = try #require(try Directory.text(of: path))
            try Directory.write(whole + "t\tsegment.by", to: path)
            cluster = try open(directory)
            #expect(cluster.topics["t"]?.settings == settings("compact", 1000))
            #expect(try Directory.text(of: path) == whole)
            try cluster.replaceSettings(of: #require(cluster.topics["t"]), by: settings("delete", 3000))
            cluster.close()
            cluster = try open(directory)
            #expect(cluster.topics["t"]?.settings == settings("delete", 3000))
            cluster.close()
        }
    }

    @Test("settings whose topics have no folder any more, and lines that say nothing, are left out")
    func damaged() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/topics.state"
            var cluster = try open(directory)
            try cluster.createTopic("t", assignments: [[1]], settings: settings("compact", 1000))
            cluster.close()
            let lines = "\n\t\nx\tsegment.bytes=5000\nt\tsegment.bytes=-1 cleanup.policy nothing=1 segment.ms=%\n"
            try Directory.write(lines, to: path)
            cluster = try open(directory)
            #expect(Set(cluster.topics.keys) == ["t"])
            #expect(cluster.topics["t"]?.settings == TopicSettings())
            cluster.close()
            cluster = try open(directory)
            #expect(try Directory.text(of: path)?.isEmpty == true)
            cluster.close()
        }
    }

    @Test("what a former broker wrote, all of it at each change, is taken over once")
    func former() async throws {
        try await withTemporaryDirectory { directory in
            var cluster = try open(directory)
            for name in ["a", "b"] {
                try cluster.createTopic(name, assignments: [[1]], settings: settings("delete", 7000))
            }
            cluster.close()
            let former = directory + "/topics.properties"
            let text = "a/cleanup.policy=compact,delete\na/segment.bytes=1000\nwithout=1\n"
            try Directory.write(text, to: former)
            for _ in 1...2 {
                cluster = try open(directory)
                #expect(cluster.topics["a"]?.settings == settings("compact,delete", 1000))
                #expect(cluster.topics["b"]?.settings == TopicSettings())
                cluster.close()
                #expect(!FileManager.default.fileExists(atPath: former))
            }
        }
    }

    @Test("a topic whose settings cannot be written down is not made, and can be made later")
    func fullDisk() async throws {
        try await withTemporaryDirectory { directory in
            let recorder = DiskRecorder()
            var cluster = try open(directory, recorder)
            try cluster.createTopic("t", assignments: [[1]], settings: settings("compact", 1000))
            recorder.fail(28, after: 5, in: "topics.state")
            #expect(throws: EmbeddedBrokerError.self) {
                try cluster.createTopic("u", assignments: [[1]], settings: settings("compact", 1000))
            }
            #expect(throws: EmbeddedBrokerError.self) {
                try cluster.replaceSettings(of: #require(cluster.topics["t"]), by: settings("delete", 3000))
            }
            #expect(cluster.topics["u"] == nil)
            #expect(cluster.topics["t"]?.settings == settings("compact", 1000))
            recorder.fail(nil)
            try cluster.createTopic("u", assignments: [[1]], settings: settings("compact", 2000))
            cluster.close()
            cluster = try open(directory)
            #expect(cluster.topics["t"]?.settings == settings("compact", 1000))
            #expect(cluster.topics["u"]?.settings == settings("compact", 2000))
            cluster.close()
        }
    }
}
