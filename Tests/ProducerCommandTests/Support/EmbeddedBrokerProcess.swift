// SPDX-License-Identifier: Apache-2.0

/// `kafka-producer broker` in a process of its own, which ends with the last reference to it.
final class EmbeddedBrokerProcess: Sendable {
    /// The list for `bootstrap.servers`.
    let bootstrap: String
    private let process: ChildProcess

    /// Starts a broker on free ports and waits until it listens.
    ///
    /// - Parameters:
    ///   - arguments: Options beside `--port 0`, such as `--partitions 12`.
    ///   - limit: How long it may live before it is killed.
    /// - Throws: `HarnessError` when it does not start.
    init(_ arguments: [String] = [], limit: Duration = .seconds(120)) async throws {
        process = try ChildProcess(TestTools.kafkaProducer(), ["broker", "--port", "0"] + arguments, limit: limit)
        let prefix = "listening on "
        bootstrap = String(try await process.line { $0.hasPrefix(prefix) }.dropFirst(prefix.count))
    }

    /// Sends a signal, such as SIGSTOP for a broker that answers nothing.
    func signal(_ number: Int32) { process.signal(number) }

    /// Asks it to end (SIGTERM) and waits until it has.
    @discardableResult
    func stop() async throws -> FinishedProcess {
        process.signal(15)
        return try await process.finish()
    }
}
