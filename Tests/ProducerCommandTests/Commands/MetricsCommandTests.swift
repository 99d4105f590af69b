// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// Metrics as the built command tells them.
@Suite("Metrics of send", .takesTurns, .timeLimit(.minutes(10)))
struct MetricsCommandTests {
    private func send(_ arguments: [String], _ text: String = "one\ntwo\n") async throws -> FinishedProcess {
        let broker = try await EmbeddedBroker.started()
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "t"] + arguments,
            input: .text(text)
        )
        await broker.stop()
        return finished
    }

    @Test("--print-metrics prints the table on standard error, and nothing on stdout, which receipts may use")
    func printing() async throws {
        let finished = try await send(["--print-metrics"])
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.output.isEmpty)
        let lines = finished.errorText.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("Metric Name ") && $0.hasSuffix("   Value") })
        #expect(
            lines.contains {
                $0.hasPrefix("producer-metrics:record-send-total:{client-id=producer-1} ") && $0.hasSuffix(" : 2.000")
            }
        )
        #expect(lines.contains { $0.hasPrefix("producer-topic-metrics:byte-total:{client-id=producer-1, topic=t}") })
    }

    @Test("--stats-interval writes a line of JSON at the end of even the shortest load")
    func statsFile() async throws {
        let folder = try TemporaryDirectory()
        let file = folder.path + "/stats.jsonl"
        let finished = try await send(["--stats-interval", "3600", "--stats-file", file])
        #expect(finished.status == 0, "\(finished)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["acked"] as? Int == 2)
        #expect(object["skipped"] as? Int == 0 && object["last"] as? Bool == true)
        let client = try #require(object["producer-metrics"] as? [String: Any])
        #expect(client["record-send-total"] as? Double == 2)
        let topics = try #require(object["producer-topic-metrics"] as? [String: Any])
        #expect((topics["t"] as? [String: Any])?["record-send-total"] as? Double == 2)
    }

    @Test("without a file the line goes to standard error, as it is")
    func statsOnStandardError() async throws {
        let finished = try await send(["--stats-interval", "3600", "-q"])
        #expect(finished.status == 0, "\(finished)")
        let lines = finished.errorText.split(separator: "\n")
        #expect(lines.count == 1 && lines.first?.hasPrefix("{\"acked\":") == true, "\(finished)")
    }

    @Test(
        "a file without an interval, and an interval that is none, are told",
        arguments: [["--stats-file", "x"], ["--stats-interval", "0"], ["--stats-interval", "1e9"]]
    )
    func wrong(arguments: [String]) async throws {
        let finished = try await KafkaProducerBinary.run(["-b", "localhost:1", "-t", "t"] + arguments)
        #expect(finished.status == 2)
        #expect(finished.errorText.contains("--stats-"))
    }
}
