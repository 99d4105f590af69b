// SPDX-License-Identifier: Apache-2.0

/// Kafka's own Java client, by programs of `Tests/Tools`.
enum JavaClient {
    /// What it did: the values that it read back, and what it counted.
    struct Account: Equatable {
        let values: [String]
        let connections: Int
        let logins: Int
        let renewals: Int
    }

    /// Sends so many values by `SecuredClient`, with a pause between them, and reads them back.
    ///
    /// - Parameters:
    ///   - topic: The topic.
    ///   - bootstrap: The list for `bootstrap.servers`.
    ///   - settings: Settings of the Java client.
    ///   - arguments: `--count` and `--pause`.
    /// - Returns: What the program left.
    /// - Throws: `HarnessError` when it cannot be started or takes too long.
    static func run(
        _ topic: String,
        at bootstrap: String,
        settings: [String: String],
        _ arguments: [String] = []
    ) async throws -> FinishedProcess {
        let options = settings.sorted { $0.key < $1.key }.flatMap { ["-X", "\($0.key)=\($0.value)"] }
        return try await execute("SecuredClient", arguments + options + [bootstrap, topic])
    }

    /// Runs a program that was compiled from `Tests/Tools`.
    ///
    /// - Parameters:
    ///   - program: Its class.
    ///   - words: What it is called with.
    /// - Returns: What it left.
    /// - Throws: `HarnessError` when it cannot be started or takes too long.
    static func execute(_ program: String, _ words: [String]) async throws -> FinishedProcess {
        // A short run pays neither for the compiler's second stage nor for a collector with threads.
        let machine = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"]
        let classpath = [try TestTools.path("java"), try TestTools.path("kafka-clients") + "/*"].joined(separator: ":")
        return try await ChildProcess.run(
            TestTools.path("java-command"),
            machine + ["-cp", classpath, program] + words,
            limit: .seconds(120)
        )
    }

    /// What a run that went well says of itself.
    static func account(of finished: FinishedProcess) throws -> Account {
        guard finished.status == 0,
            let counted = finished.errorText.firstMatch(of: /connections (\d+), logins (\d+), renewed (\d+)/)?.output,
            let connections = Int(counted.1), let logins = Int(counted.2), let renewals = Int(counted.3)
        else { throw HarnessError("SecuredClient: \(finished.description)") }
        return Account(values: finished.outputLines, connections: connections, logins: logins, renewals: renewals)
    }
}
