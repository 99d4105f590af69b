// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// `--stats-format prometheus` as the built command writes it, and as others read it.
@Suite("Prometheus' text of send", .takesTurns, .timeLimit(.minutes(10)))
struct PrometheusCommandTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func send(_ arguments: [String], topic: String = "t") async throws -> FinishedProcess {
        let broker = try await EmbeddedBroker.started()
        let words = ["-b", broker.bootstrap, "-t", topic, "--stats-interval", "3600", "--stats-format", "prometheus"]
        let finished = try await KafkaProducerBinary.run(words + arguments, input: .text("one\ntwo\n"))
        await broker.stop()
        return finished
    }

    private var file: String { folder.path + "/load.prom" }

    private func text() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

    @Test("a file is replaced, keeps its mode, and nothing is left beside it")
    func replaced() async throws {
        #expect(try await send(["--stats-file", file]).status == 0)
        let first = try text()
        #expect(first.contains("\nkafka_producer_record_send_total{client_id=\"producer-1\"} 2\n"))
        #expect(first.contains("\nkafka_producer_load_finished{client_id=\"producer-1\"} 1\n"))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        let link = folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        #expect(try await send(["--stats-file", link, "-X", "client.id=other"]).status == 0)
        let second = try text()
        #expect(second.contains("client_id=\"other\"") && !second.contains("producer-1"))
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o640)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["link", "load.prom"])
    }

    @Test("a file that holds something else is not replaced")
    func foreign() async throws {
        try folder.write("precious\n", to: "load.prom")
        let finished = try await send(["--stats-file", file])
        #expect(finished.status == 2)
        #expect(finished.errorText.contains("--stats-file: \(file) would be replaced, and holds something else"))
        #expect(try text() == "precious\n")
    }

    @Test("on standard output it is written as it is")
    func standardOutput() async throws {
        let finished = try await send(["--stats-file", "-"])
        #expect(finished.status == 0)
        #expect(finished.outputText.hasPrefix("# HELP kafka_producer_load_records_read_total "))
        #expect(finished.outputText.contains("\nkafka_producer_load_records_acked_total{client_id=\"producer-1\"} 2\n"))
    }

    @Test(
        "a format that is none, and one without an interval, are told",
        arguments: [
            (["--stats-interval", "1", "--stats-format", "xml"], "--stats-format takes json or prometheus, not 'xml'"),
            (["--stats-format", "prometheus"], "--stats-format needs --stats-interval SECONDS"),
        ]
    )
    func wrong(arguments: [String], expected: String) async throws {
        let finished = try await KafkaProducerBinary.run(["-b", "localhost:1", "-t", "t"] + arguments)
        #expect(finished.status == 2)
        #expect(finished.errorText.contains(expected), "\(finished)")
    }

    @Test("Prometheus' own reader takes it, each name with its type and a meaning", .needsPeers)
    func readByPrometheus() async throws {
        #expect(try await send(["--stats-file", file, "-X", #"client.id=a "quoted\name"#]).status == 0)
        let samples = try await ConfluentKafka.prometheusSamples(file)
        #expect(samples.count > 60)
        let total = try #require(samples.first { $0.name == "kafka_producer_topic_record_send_total" })
        #expect(total.type == "counter" && total.value == 2)
        #expect(total.labels == ["client_id": #"a "quoted\name"#, "topic": "t"])
        for sample in samples {
            #expect(sample.type == (sample.name.hasSuffix("_total") ? "counter" : "gauge"), "\(sample)")
            #expect(sample.help.hasSuffix(".") && !sample.help.contains("Java client"), "\(sample)")
        }
    }

    @Test("OpenTelemetry's own reader takes what is pushed to brokers", .needsPeers)
    func readByOpenTelemetry() async throws {
        let broker = try await EmbeddedBroker.started { $0.clientMetrics = .init() }
        let words = ["-b", broker.bootstrap, "-t", "t", "-X", "client.rack=r"]
        #expect(try await KafkaProducerBinary.run(words, input: .text("one\ntwo\n")).status == 0)
        let push = try #require(await broker.pushedMetrics.last)
        await broker.stop()
        #expect(push.isLast && push.codec == 4 && push.clientID == "producer-1")
        let points = try await ConfluentKafka.telemetryPoints(push.data)
        let total = try #require(points.first { $0.name == "org.apache.kafka.producer.topic.record.send.total" })
        #expect(total.kind == "sum" && total.monotonic && total.temporality == 2 && total.value == 2)
        #expect(total.attributes == ["topic": "t"] && total.resource == ["client_rack": "r"])
        #expect(total.start > 0 && total.time >= total.start)
        let rate = try #require(points.first { $0.name == "org.apache.kafka.producer.record.send.rate" })
        #expect(rate.kind == "gauge" && rate.value > 0)
        #expect(points.contains { $0.attributes["node_id"] == "node-1" })
    }
}
