// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Where tests find the program under test and the peers that this project did not write.
enum TestTools {
    /// The folder that `Scripts/test` fills: `mock-cluster`, `kcat`, a Python environment and its scripts.
    static let directory = ProcessInfo.processInfo.environment["KAFKA_PRODUCER_TEST_TOOLS"]

    /// Whether tests run under `Scripts/test`. Then a tool that is missing is a failure, never a skipped test.
    static var areExpected: Bool { directory != nil }

    /// The path of a peer or helper.
    static func path(_ name: String) throws -> String {
        guard let directory else { throw HarnessError("\(name) is needed: run Scripts/test") }
        let path = directory + "/" + name
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw HarnessError("\(path) is missing: run Scripts/test")
        }
        return path
    }

    /// The `kafka-producer` that was built with these tests, or the one that `KAFKA_PRODUCER_BINARY` names.
    static func kafkaProducer() throws -> String {
        if let path = ProcessInfo.processInfo.environment["KAFKA_PRODUCER_BINARY"] { return path }
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = folder.appendingPathComponent("kafka-producer").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw HarnessError("\(path) is missing: build it with swift build --product kafka-producer")
        }
        return path
    }
}

extension Trait where Self == ConditionTrait {
    /// For a test that needs peers: it runs under `Scripts/test`, and says so elsewhere.
    static var needsPeers: Self {
        .enabled(
            if: TestTools.areExpected,
            "needs librdkafka's mock cluster, kcat and confluent-kafka: run Scripts/test"
        )
    }
}
