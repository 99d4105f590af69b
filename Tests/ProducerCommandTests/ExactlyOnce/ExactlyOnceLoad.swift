// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaClient
import KafkaEmbeddedBroker
import KafkaProducer
import KafkaReader
import Testing

/// A load that is sent exactly once to an embedded broker, by the built command: its inputs, its side files and its machine.
final class ExactlyOnceLoad: Sendable {
    let broker: EmbeddedBroker
    let folder: TemporaryDirectory
    /// The folder of the notes: another one stands for another machine.
    let state: String

    static let protocols: [Int16] = [1, 2]

    init(_ version: Int16, partitions: Int = 1, _ configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in })
        async throws
    {
        let version = try #require(TransactionProtocol(rawValue: version))
        broker = try await EmbeddedBroker.started {
            $0.topics = ["t": partitions]
            $0.transactions.version = version
            configure(&$0)
        }
        folder = try TemporaryDirectory()
        state = folder.path + "/state"
    }

    /// Runs a test, and stops the broker in the end.
    static func with(
        _ version: Int16,
        partitions: Int = 1,
        _ configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in },
        _ body: (ExactlyOnceLoad) async throws -> Void
    ) async throws {
        let load = try await ExactlyOnceLoad(version, partitions: partitions, configure)
        do {
            try await body(load)
        } catch {
            await load.broker.stop()
            throw error
        }
        await load.broker.stop()
    }

    /// Starts the command; `words` follow the broker, the topic and the name.
    func start(
        _ words: [String],
        input: ChildProcessInput.Source = .nothing,
        machine: String? = nil
    ) throws -> ChildProcess {
        try ChildProcess(
            TestTools.kafkaProducer(),
            ["-b", broker.bootstrap, "-t", "t", "--exactly-once", "load"] + words,
            input: input,
            environment: ["XDG_STATE_HOME": machine.map { folder.path + "/" + $0 } ?? state],
            directory: folder.path,
            limit: .seconds(60)
        )
    }

    /// Runs the command to its end.
    func run(
        _ words: [String],
        input: ChildProcessInput.Source = .nothing,
        machine: String? = nil
    ) async throws -> FinishedProcess {
        try await start(words, input: input, machine: machine).finish()
    }

    /// Runs another command of the program against the same broker, on the same machine.
    func other(_ words: [String]) async throws -> FinishedProcess {
        try await ChildProcess.run(
            TestTools.kafkaProducer(),
            words + ["-b", broker.bootstrap],
            environment: ["XDG_STATE_HOME": state],
            directory: folder.path
        )
    }

    func inject(_ fault: String) async throws { try await broker.inject(try Fault(parsing: fault)) }

    /// What readers of committed records see, partition by partition.
    func committed() async throws -> [String] {
        try await TopicReader.values("t", from: broker.bootstrap, isolation: .readCommitted)
    }

    /// Waits until partition 0 has so many records and markers, committed or not.
    func waitForOffset(_ offset: Int64) async throws {
        let reader = try reader()
        for try await _ in try reader.read("t", partition: 0, to: .offset(offset), isolation: .readUncommitted) {}
        await reader.close()
    }

    private func reader() throws -> KafkaReader {
        let brokers = try broker.bootstrap.split(separator: ",").map { text in
            let server = try BootstrapServer(String(text))
            return BrokerAddress(nodeID: nil, host: server.host, port: server.port)
        }
        return try KafkaReader(ReaderConfiguration(bootstrap: brokers))
    }

    /// Writes lines to a file of the load's folder.
    @discardableResult
    func write(_ lines: [String], to name: String) throws -> String {
        try folder.write(lines.map { $0 + "\n" }.joined(), to: name)
    }

    func append(_ text: String, to name: String) throws {
        let file = try #require(FileHandle(forWritingAtPath: folder.path + "/" + name))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    /// The lines of a file, without their newlines.
    func lines(of name: String) throws -> [String] { try text(of: name).split(separator: "\n").map(String.init) }

    func text(of name: String) throws -> String {
        try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    }

    static func lines(_ range: ClosedRange<Int>) -> [String] { range.map { "line \($0)" } }
}
