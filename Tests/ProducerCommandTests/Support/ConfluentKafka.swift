// SPDX-License-Identifier: Apache-2.0
import Foundation

/// confluent-kafka, the Python client on a newer librdkafka than kcat's.
enum ConfluentKafka {
    /// Reads a topic from its first record to its present end, with headers. Records come in order of partition, offset.
    static func read(_ topic: String, from bootstrap: String) async throws -> [StoredRecord] {
        let finished = try await python("consume.py", ["--bootstrap", bootstrap, "--topic", topic], input: .nothing)
        return try decode(finished)
    }

    /// Sends records in order and returns what the delivery reports say: partition, offset, timestamp.
    ///
    /// - Parameters:
    ///   - records: What to send.
    ///   - topic: Where to send it.
    ///   - bootstrap: The list for `bootstrap.servers`.
    ///   - settings: librdkafka settings, such as `compression.type` and `acks`.
    /// - Returns: One report for each record.
    /// - Throws: `HarnessError` when any record failed.
    static func produce(
        _ records: [StoredRecord],
        to topic: String,
        at bootstrap: String,
        settings: [String: String] = [:]
    ) async throws -> [StoredRecord] {
        let encoder = JSONEncoder()
        var input: [UInt8] = []
        for record in records { input += try encoder.encode(record) + [UInt8(ascii: "\n")] }
        let options = settings.sorted { $0.key < $1.key }.flatMap { ["-X", "\($0.key)=\($0.value)"] }
        let words = ["--bootstrap", bootstrap, "--topic", topic] + options
        return try decode(try await python("produce.py", words, input: .bytes(input)))
    }

    /// Runs a part of `transactions.py`: as a transactional producer, or as a reader of committed records.
    ///
    /// - Parameters:
    ///   - what: The part.
    ///   - topic: The topic's name.
    ///   - bootstrap: The list for `bootstrap.servers`.
    ///   - options: Further options of the script.
    /// - Throws: `HarnessError` when it failed.
    /// - Returns: The records that it printed.
    static func transactions(
        _ what: String,
        _ topic: String,
        at bootstrap: String,
        _ options: String...
    ) async throws -> [TransactionLine] {
        let words = [what, "--bootstrap", bootstrap, "--topic", topic] + options
        let finished = try await python("transactions.py", words, input: .nothing)
        return try finished.outputLines.map { try JSONDecoder().decode(TransactionLine.self, from: Data($0.utf8)) }
    }

    /// Runs a part of `groups.py`: as members of a consumer group.
    ///
    /// - Parameters:
    ///   - what: The part.
    ///   - topic: The topic's name.
    ///   - bootstrap: The list for `bootstrap.servers`.
    ///   - options: Further options of the script.
    /// - Throws: `HarnessError` when it failed.
    /// - Returns: What the members had and read, in its order.
    static func groups(
        _ what: String,
        _ topic: String,
        at bootstrap: String,
        _ options: [String] = []
    ) async throws -> [GroupLine] {
        let words = [what, "--bootstrap", bootstrap, "--topic", topic] + options
        let finished = try await python("groups.py", words, input: .nothing)
        return try finished.outputLines.map { try JSONDecoder().decode(GroupLine.self, from: Data($0.utf8)) }
    }

    /// What `groups.py` prints: the partitions that a member has now, or a record that it has read.
    struct GroupLine: Codable, Hashable {
        var member: String
        var partitions: [Int32]?
        var partition: Int32?
        var offset: Int64?
        var value: String?
    }

    /// A record as `transactions.py` prints it.
    struct TransactionLine: Codable, Hashable {
        var partition: Int32
        var offset: Int64
        var value: String
    }

    /// A value that `prometheus_client` has found in a text.
    struct PrometheusSample: Decodable {
        var name: String
        var type: String
        var help: String
        var labels: [String: String]
        var value: Double
    }

    /// What `prometheus_client` finds in a file.
    static func prometheusSamples(_ file: String) async throws -> [PrometheusSample] {
        let finished = try await python("metrics.py", ["prometheus", file], input: .nothing)
        return try finished.outputLines.map { try JSONDecoder().decode(PrometheusSample.self, from: Data($0.utf8)) }
    }

    /// A data point that `opentelemetry-proto` has found in a push.
    struct TelemetryPoint: Decodable {
        var name: String
        var kind: String
        var monotonic: Bool
        var temporality: Int
        var attributes: [String: String]
        var resource: [String: String]
        var start: UInt64
        var time: UInt64
        var value: Double
    }

    /// What `opentelemetry-proto` finds in a push of metrics.
    static func telemetryPoints(_ data: [UInt8]) async throws -> [TelemetryPoint] {
        let digits = data.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
        let finished = try await python("metrics.py", ["telemetry"], input: .text(digits))
        return try finished.outputLines.map { try JSONDecoder().decode(TelemetryPoint.self, from: Data($0.utf8)) }
    }

    private static func python(
        _ script: String,
        _ arguments: [String],
        input: ChildProcessInput.Source
    ) async throws -> FinishedProcess {
        let words = [try TestTools.path(script)] + arguments
        let finished = try await ChildProcess.run(TestTools.path("venv/bin/python"), words, input: input)
        guard finished.status == 0 else { throw HarnessError("\(script): \(finished.description)") }
        return finished
    }

    private static func decode(_ finished: FinishedProcess) throws -> [StoredRecord] {
        let decoder = JSONDecoder()
        return try finished.outputLines.map { try decoder.decode(StoredRecord.self, from: Data($0.utf8)) }
    }
}
