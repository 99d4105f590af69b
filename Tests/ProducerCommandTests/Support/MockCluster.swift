// SPDX-License-Identifier: Apache-2.0

/// librdkafka's mock brokers in a process of their own, which ends with the last reference to it.
///
/// Its limits: it keeps the last 5 MiB of a partition, makes any topic on first use with 4 partitions, checks neither
/// checksums nor sequences, and answers Produce even with acks=0. `docs/testing.md` has the rest.
final class MockCluster: Sendable {
    /// The list for `bootstrap.servers`.
    let bootstrap: String
    /// The `host:port` of broker 1 and so on.
    var brokers: [String] { bootstrap.split(separator: ",").map(String.init) }
    private let process: ChildProcess

    /// Starts a cluster.
    ///
    /// - Parameters:
    ///   - brokers: How many brokers; their identifiers start at 1.
    ///   - topics: Topics to make, with their partition counts.
    ///   - limit: How long it may live before it is killed.
    /// - Throws: `HarnessError` when it does not start.
    init(brokers: Int = 3, topics: [String: Int] = [:], limit: Duration = .seconds(120)) async throws {
        var words = ["--brokers", "\(brokers)"]
        for (topic, partitions) in topics.sorted(by: { $0.key < $1.key }) {
            words += ["--topic", "\(topic):\(partitions)"]
        }
        process = try ChildProcess(TestTools.path("mock-cluster"), words, input: .open, limit: limit)
        bootstrap = try await process.nextLine()
    }

    /// The kinds of requests that scripts let fail: Produce, Metadata, ApiVersions and InitProducerId.
    private static let failingKinds = [0, 3, 18, 22]

    /// Ends all that a script has begun: brokers are up and quick, and errors that nobody has met are forgotten.
    ///
    /// Whoever comes next would meet them: kcat gives up when a few of its first requests fail, and how many are left depends
    /// on how often the producer had to ask, and so on how busy the machine is.
    func heal() async throws {
        try await command("up -1")
        try await command("rtt -1 0")
        for kind in Self.failingKinds { try await command("clear \(kind)") }
    }

    /// Does one of the commands that `mock-cluster.c` lists, such as `down 2` or `error 0 1 6`.
    func command(_ command: String) async throws {
        process.write(command + "\n")
        let answer = try await process.nextLine()
        guard answer == "ok" else { throw HarnessError("mock-cluster: \(command): \(answer)") }
    }
}
