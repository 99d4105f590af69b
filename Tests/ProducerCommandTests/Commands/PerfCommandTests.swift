// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// The built command measuring an embedded broker in the test's process.
@Suite("perf", .takesTurns, .timeLimit(.minutes(10)))
struct PerfCommandTests {
    private let total =
        /^(\d+)( steady state)? records sent, \d+\.\d{6} records\/sec \(\d+\.\d\d MB\/sec\), \d+\.\d\d ms avg latency, \d+\.\d\d ms max latency, \d+ ms 50th, \d+ ms 95th, \d+ ms 99th, \d+ ms 99\.9th\.$/

    private func perf(
        _ arguments: [String],
        partitions: Int = 1,
        configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in },
        check: (EmbeddedBroker, FinishedProcess) async throws -> Void
    ) async throws {
        let broker = try await EmbeddedBroker.started(partitions: partitions, configure)
        do {
            let arguments = ["perf", "--topic", "t", "-b", broker.bootstrap] + arguments
            try await check(broker, try await KafkaProducerBinary.run(arguments))
        } catch {
            await broker.stop()
            throw error
        }
        await broker.stop()
    }

    private func json(_ file: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: file))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test(
        "as many records as were asked for are stored, of that size, and stdout has the line of kafka-producer-perf-test"
    )
    func records() async throws {
        let arguments = [
            "--num-records", "500", "--record-size", "20", "--throughput", "-1", "--producer-props", "acks=all",
        ]
        try await perf(arguments + ["linger.ms=0"]) { broker, finished in
            #expect(finished.status == 0, "\(finished)")
            #expect(finished.outputLines.count == 1)
            let line = try #require(finished.outputLines.last?.wholeMatch(of: total), "\(finished)")
            #expect(line.output.1 == "500")
            let stored = try await broker.sent(to: "t")
            #expect(stored.count == 500 && stored.allSatisfy { $0.value?.count == 20 && $0.key == nil })
            #expect(finished.errorText.contains("CPU s per million records, peak memory"))
        }
    }

    @Test("keys, monotonic values, a rate, a warm-up, metrics on stdout, a page and JSON")
    func everything() async throws {
        let folder = try TemporaryDirectory()
        let arguments = [
            "--num-records", "300", "--payload-monotonic", "--throughput", "3000", "--warmup-records", "100",
            "--key-size", "5", "--key-cardinality", "10", "--print-metrics", "--json", folder.path + "/r.json",
            "--report", folder.path + "/r.html",
        ]
        try await perf(arguments) { broker, finished in
            #expect(finished.status == 0, "\(finished)")
            let totals = finished.outputLines.compactMap { $0.wholeMatch(of: total) }
            #expect(totals.map { String($0.output.1) } == ["300", "200"], "\(finished)")
            #expect(totals.map { $0.output.2 != nil } == [false, true])
            #expect(finished.outputLines.first?.hasPrefix("Warmup first 100 records.") == true)
            #expect(finished.outputText.contains("producer-metrics:record-send-total:{client-id=perf-producer-client}"))
            let stored = try await broker.sent(to: "t")
            #expect(stored.map(\.value) == (0..<300).map { Array("\($0)".utf8) })
            #expect(Set(stored.map { $0.key ?? [] }).count == 10)
            let result = try json(folder.path + "/r.json")
            #expect(result["records"] as? Int == 300 && result["failed"] as? Int == 0)
            // The last record was due after 99.7 ms, and is not sent before.
            let seconds = try #require(result["seconds"] as? Double)
            #expect(seconds >= 0.0996)
            let page = try String(contentsOfFile: folder.path + "/r.html", encoding: .utf8)
            #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("300 records to t"))
        }
    }

    /// The time went on until the timeline's next look, up to 100 ms later, which made ten records take a tenth of a second.
    @Test("a run's time ends with the last answer, and so does its timeline")
    func timeEnds() async throws {
        let folder = try TemporaryDirectory()
        let arguments = ["--num-records", "10", "--record-size", "20", "--json", folder.path + "/r.json"]
        try await perf(arguments) { _, finished in
            #expect(finished.status == 0, "\(finished)")
            let result = try json(folder.path + "/r.json")
            let timeline = try #require(result["timeline"] as? [[String: Any]])
            #expect(timeline.last?["seconds"] as? Double == result["seconds"] as? Double)
        }
    }

    @Test("values from a file, drawn at random, byte for byte")
    func payloadFile() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("one;two;;three;", to: "values")
        let arguments = ["--num-records", "400", "--payload-file", file, "--payload-delimiter", ";"]
        try await perf(arguments) { broker, finished in
            #expect(finished.status == 0, "\(finished)")
            #expect(finished.outputLines.first == "Reading payloads from: \(file)")
            #expect(finished.outputLines.dropFirst().first == "Number of messages read: 4")
            let values = Set(["one", "two", "", "three"].map { Array($0.utf8) })
            let stored = try await broker.sent(to: "t")
            #expect(Set(stored.map { $0.value ?? [] }) == values)
        }
    }

    @Test("generated values compress to about the part that was asked for", arguments: ["lz4", "zstd", "gzip"])
    func ratio(codec: String) async throws {
        let folder = try TemporaryDirectory()
        let arguments = [
            "--num-records", "3000", "--record-size", "500", "--compression-ratio", "4", "-z", codec,
            "--producer-props", "linger.ms=100", "batch.size=100000", "--json", folder.path + "/r.json",
        ]
        try await perf(arguments) { _, finished in
            #expect(finished.status == 0, "\(finished)")
            let metrics = try #require(try json(folder.path + "/r.json")["metrics"] as? [String: Any])
            let client = try #require(metrics["producer-metrics"] as? [String: Any])
            let ratio = try #require(client["compression-rate-avg"] as? Double)
            #expect((0.2...0.3).contains(ratio), "\(ratio)")
        }
    }

    @Test("records that fail are counted, named, and make the exit status 1")
    func failures() async throws {
        let arguments = [
            "--num-records", "20", "--record-size", "3000", "--producer-props", "batch.size=0", "linger.ms=0",
        ]
        try await perf(arguments, configure: { $0.messageMaxBytes = 1000 }) { _, finished in
            #expect(finished.status == 1, "\(finished)")
            #expect(finished.errorText.contains("20 records failed with MESSAGE_TOO_LARGE"))
            #expect(finished.outputLines.last?.hasPrefix("0 records sent") == true)
        }
    }

    @Test("a record that max.request.size never allows fails without being sent")
    func tooLarge() async throws {
        let arguments = ["--num-records", "3", "--record-size", "3000", "--producer-props", "max.request.size=1000"]
        try await perf(arguments) { _, finished in
            #expect(finished.status == 1, "\(finished)")
            #expect(finished.errorText.contains("3 records failed with RECORD_TOO_LARGE"))
        }
    }

    @Test("two configurations take turns, and the table has their ratio")
    func comparing() async throws {
        let folder = try TemporaryDirectory()
        let small = try folder.write("batch.size=100\n", to: "small.config")
        let large = try folder.write("batch.size=100000\nlinger.ms=20\n", to: "large.config")
        let arguments = [
            "--num-records", "200", "--record-size", "40", "--compare", small, large, "--rounds", "2", "-q", "--json",
            folder.path + "/c.json",
        ]
        try await perf(arguments) { broker, finished in
            #expect(finished.status == 0, "\(finished)")
            let order = finished.outputLines.filter { $0.contains(" records sent, ") }.map { $0.hasPrefix(small) }
            #expect(order == [true, false, false, true], "\(finished)")
            #expect(finished.outputLines.contains { $0.hasPrefix("median of 2") && $0.hasSuffix("ratio") })
            #expect(finished.outputLines.contains { $0.hasPrefix("batch bytes") })
            #expect(try await broker.sent(to: "t").count == 800)
            let runs = try json(folder.path + "/c.json")["runs"] as? [Any]
            #expect(runs?.count == 4)
        }
    }

    @Test("no cluster at hand: --embedded brings one")
    func embedded() async throws {
        let folder = try TemporaryDirectory()
        let finished = try await KafkaProducerBinary.run([
            "perf", "-t", "t", "--num-records", "50", "--record-size", "10", "--embedded", folder.path + "/data",
        ])
        #expect(finished.status == 0, "\(finished)")
        #expect(finished.outputLines.last?.hasPrefix("50 records sent, ") == true)
    }

    @Test("no broker: status 3 and the address, as from send")
    func unreachable() async throws {
        let finished = try await KafkaProducerBinary.run([
            "perf", "-t", "t", "--num-records", "50", "--record-size", "10", "-b", "127.0.0.1:1", "-X",
            "max.block.ms=200",
        ])
        #expect(finished.status == 3, "\(finished)")
        #expect(finished.errorText.contains("127.0.0.1:1"))
    }

    @Test("what failed and was said a moment ago is not said again at the end")
    func failuresOnce() async throws {
        let broker = try await EmbeddedBroker.started { $0.messageMaxBytes = 1000 }
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            [
                "perf", "-t", "t", "--num-records", "2", "--record-size", "3000", "--throughput", "0.01", "-b",
                broker.bootstrap, "-X", "linger.ms=0",
            ]
        )
        let line = try await child.line(of: .error) { $0.contains("MESSAGE_TOO_LARGE") }
        child.signal(SIGINT)
        let finished = try await child.finish()
        #expect(finished.status == 130, "\(finished)")
        #expect(finished.errorLines.filter { $0.contains("MESSAGE_TOO_LARGE") } == [line], "\(finished)")
        await broker.stop()
    }

    @Test("a topic that is not there is told as by send, with the error's name and what to do")
    func refusal() async throws {
        let broker = try await EmbeddedBroker.started { $0.autoCreateTopics = false }
        let cluster = ["-b", broker.bootstrap, "-t", "absent", "-X", "max.block.ms=300"]
        let send = try await KafkaProducerBinary.run(["send"] + cluster)
        let perf = try await KafkaProducerBinary.run(
            ["perf", "--num-records", "1", "--record-size", "1"] + cluster
        )
        func errors(_ finished: FinishedProcess) -> [String] { finished.errorLines.filter { $0.contains("error: ") } }
        #expect(send.status == 1 && perf.status == 1, "\(send)\n\(perf)")
        #expect(errors(perf) == errors(send) && errors(perf).count == 1, "\(send)\n\(perf)")
        let words = ["UNKNOWN_TOPIC_OR_PARTITION: topic absent does not exist", "kafka-topics --create --topic absent"]
        #expect(words.allSatisfy { perf.errorText.contains($0) }, "\(perf)")
        await broker.stop()
    }

    @Test("results that cannot be written are told before anything is sent")
    func unwritable() async throws {
        try await perf(["--num-records", "5", "--record-size", "10", "--json", "/nowhere/r.json"]) { broker, finished in
            #expect(finished.status == 2, "\(finished)")
            #expect(finished.errorText.contains("--json: cannot write /nowhere/r.json"))
        }
    }

    @Test("a signal ends sending, even where the next record is due much later; what was sent is accounted for")
    func signal() async throws {
        let broker = try await EmbeddedBroker.started()
        let child = try ChildProcess(
            TestTools.kafkaProducer(),
            [
                "perf", "-t", "t", "--num-records", "100", "--record-size", "10", "--throughput", "0.01", "-b",
                broker.bootstrap, "--reporting-interval", "50",
            ]
        )
        _ = try await child.line(of: .output) { $0.hasPrefix("1 records sent, ") }
        child.signal(SIGINT)
        let finished = try await child.finish()
        #expect(finished.status == 130, "\(finished)")
        #expect(finished.outputLines.last?.wholeMatch(of: total)?.output.1 == "1")
        #expect(try await broker.sent(to: "t").count == 1)
        await broker.stop()
    }
}
