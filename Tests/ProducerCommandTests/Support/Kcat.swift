// SPDX-License-Identifier: Apache-2.0
import Foundation

/// kcat, a producer and consumer on librdkafka.
enum Kcat {
    /// Whether its librdkafka is older than 2.6.1, and says its own part of a nonce twice in the last message of SCRAM.
    static func saysTheNonceTwice() async throws -> Bool {
        let text = try await ChildProcess.run(TestTools.path("kcat"), ["-V"]).outputText
        guard let version = text.firstMatch(of: /librdkafka (\d+)\.(\d+)\.(\d+)/)?.output,
            let major = Int(version.1), let minor = Int(version.2), let patch = Int(version.3)
        else { throw HarnessError("kcat -V says no version of librdkafka: \(text)") }
        return (major, minor, patch) < (2, 6, 1)
    }

    /// Reads a topic from its first record to its present end, byte for byte. Headers are left out: see `readJSON`.
    ///
    /// Records of one partition come in their order; partitions come interleaved.
    static func read(_ topic: String, from bootstrap: String, arguments: [String] = []) async throws -> [StoredRecord] {
        let finished = try await consume(topic, from: bootstrap, ["-f", "%p %o %T %K %S\\n%k%s\\n"] + arguments)
        var records: [StoredRecord] = []
        var rest = finished.output[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let numbers = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ").compactMap { Int64($0) }
            guard numbers.count == 5 else { throw HarnessError("kcat printed \(finished.description)") }
            rest = rest[(end + 1)...]
            var record = StoredRecord(partition: Int32(numbers[0]), offset: numbers[1], timestamp: numbers[2])
            record.key = try bytes(numbers[3], from: &rest)
            record.value = try bytes(numbers[4], from: &rest)
            guard rest.popFirst() == UInt8(ascii: "\n") else { throw HarnessError("kcat's output is out of step") }
            records.append(record)
        }
        return records
    }

    /// Reads a topic as kcat's JSON lines, where headers are an array of names and values in turn.
    static func readJSON(_ topic: String, from bootstrap: String) async throws -> [String] {
        try await consume(topic, from: bootstrap, ["-J"]).outputLines
    }

    /// Reads topics as a member of a group to their present end, and commits what it has read: partition, offset and value
    /// of each record in a line.
    static func readAsMember(of group: String, _ topics: String..., from bootstrap: String) async throws -> [String] {
        let words = ["-b", bootstrap, "-G", group, "-e", "-q", "-f", "%p %o %s\\n"]
        let settings = ["-X", "auto.offset.reset=earliest", "-X", "fetch.wait.max.ms=10"]
        let finished = try await ChildProcess.run(TestTools.path("kcat"), words + settings + topics)
        guard finished.status == 0 else { throw HarnessError("kcat -G: \(finished.description)") }
        return finished.outputLines
    }

    /// Sends what is on stdin, one record a line if the arguments do not say otherwise.
    static func produce(
        _ input: ChildProcessInput.Source,
        to topic: String,
        at bootstrap: String,
        arguments: [String] = []
    ) async throws {
        let words = ["-P", "-b", bootstrap, "-t", topic] + patience + arguments
        let finished = try await ChildProcess.run(TestTools.path("kcat"), words, input: input)
        guard finished.status == 0 else { throw HarnessError("kcat -P: \(finished.description)") }
    }

    /// It waits for 5 s for the cluster's metadata, which a broker that has to wait for its turn may take.
    private static let patience = ["-m", "50"]

    private static func consume(
        _ topic: String,
        from bootstrap: String,
        _ arguments: [String]
    ) async throws -> FinishedProcess {
        // Batches wait for nobody and every checksum is verified.
        let words = ["-C", "-b", bootstrap, "-t", topic, "-o", "beginning", "-e", "-q"] + patience
        let settings = ["-X", "fetch.wait.max.ms=10", "-X", "check.crcs=true"]
        let finished = try await ChildProcess.run(TestTools.path("kcat"), words + settings + arguments)
        guard finished.status == 0 else { throw HarnessError("kcat -C: \(finished.description)") }
        return finished
    }

    private static func bytes(_ count: Int64, from rest: inout ArraySlice<UInt8>) throws -> Data? {
        guard count >= 0 else { return nil }
        guard count <= rest.count else { throw HarnessError("kcat's output ends within a record") }
        defer { rest = rest.dropFirst(Int(count)) }
        return Data(rest.prefix(Int(count)))
    }
}
