// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// `config` as a user runs it.
@Suite("What settings come to", .takesTurns, .timeLimit(.minutes(10)))
struct ConfigCommandTests {
    private struct Report: Decodable {
        struct Value: Decodable {
            var name: String
            var value: String
            var source: String?
            var `default`: String
            var noEffect: String?
            var otherNames: [String]
        }
        var file: String?
        var settings: [Value]
        var isIdempotent: Bool
        var idempotence: String
        var timeouts: [String]
        var noEffect: [String]
        var dangers: [String]
        var remarks: [String]
    }

    private func report(_ arguments: [String]) async throws -> Report {
        let finished = try await KafkaProducerBinary.run(["config", "--json"] + arguments)
        try #require(finished.status == 0, "\(finished)")
        return try JSONDecoder().decode(Report.self, from: Data(finished.output))
    }

    @Test("each value comes with its source, its default and its other names, be no cluster named")
    func values() async throws {
        let folder = try TemporaryDirectory()
        let text = "linger.ms=9\nqueue.buffering.max.ms=1\nacks=1\nmetric.reporters=x\n"
        let path = try folder.write(Array(text.utf8), to: "c.properties")
        let report = try await report(["-c", path, "-X", "linger.ms=7", "--preset", "bulk", "--retries", "3"])
        #expect(report.file == path)
        func value(_ name: String) throws -> Report.Value { try #require(report.settings.first { $0.name == name }) }
        let linger = try value("linger.ms")
        #expect((linger.value, linger.source, linger.default) == ("7", "-X", "5"))
        #expect(linger.otherNames.contains("queue.buffering.max.ms"))
        #expect(try value("acks").source == "\(path):3")
        #expect(try value("retries").source == "--retries")
        #expect(try value("batch.size").source == "preset bulk")
        #expect(try value("buffer.memory").value == "67108864")
        #expect(try value("max.block.ms").source == nil)
        #expect(try value("metric.reporters").noEffect?.contains("no effect") == true)
        #expect(report.noEffect.contains { $0.contains("queue.buffering.max.ms") && $0.contains("linger.ms") })
        #expect(report.remarks.contains { $0.contains("linger.ms is taken from -X, not from") })
        #expect(report.remarks.contains { $0.contains("bootstrap.servers is not set") })
        #expect(report.settings.contains { $0.name == "ssl.protocol" })
    }

    @Test(
        "what became of idempotence, and why",
        arguments: [
            ([], true, "on: it is the default"), (["-X", "acks=1"], false, "off because acks is 1, not all"),
            (["-X", "retries=0"], false, "off because retries is 0"),
            (["-X", "enable.idempotence=false"], false, "off: enable.idempotence=false (-X)"),
            (["-X", "enable.idempotence=true"], true, "on: enable.idempotence=true (-X)"),
        ] as [([String], Bool, String)]
    )
    func idempotence(arguments: [String], isOn: Bool, text: String) async throws {
        let report = try await report(arguments)
        #expect(report.isIdempotent == isOn)
        #expect(report.idempotence.hasPrefix(text), "\(report.idempotence)")
    }

    @Test(
        "what is dangerous is told, and what is not is not",
        arguments: [
            ([], ""), (["-X", "acks=0"], "acks=0: a record counts as sent"),
            (["-X", "acks=1"], "acks=1: what only a leader has"),
            (["-X", "retries=0"], "retries=0:"),
            (["-X", "enable.idempotence=false"], "may store records twice, and behind"),
            (["-X", "delivery.timeout.ms=5000", "-X", "request.timeout.ms=1000"], "delivery.timeout.ms=5000 is short"),
            (["-X", "buffer.memory=4194304", "-X", "batch.size=4000000"], "no room for two batches"),
            (
                ["-X", "security.protocol=SSL", "-X", "ssl.endpoint.identification.algorithm="],
                "anyone with a certificate"
            ),
            (
                ["-X", "transactional.id=x", "-X", "transaction.timeout.ms=1000000"],
                "transaction.timeout.ms is above 900000"
            ),
        ]
    )
    func dangers(arguments: [String], text: String) async throws {
        let report = try await report(arguments)
        #expect(
            text.isEmpty ? report.dangers.isEmpty : report.dangers.contains { $0.contains(text) },
            "\(report.dangers)"
        )
    }

    @Test("times are explained, and one that was raised says so")
    func times() async throws {
        let report = try await report(["-X", "linger.ms=100000", "-X", "request.timeout.ms=40000"])
        #expect(report.timeouts.contains { $0.contains("linger.ms + request.timeout.ms, which is 140000") })
        #expect(report.remarks.contains { $0.contains("delivery.timeout.ms is raised to 140000") })
    }

    @Test("secrets are hidden in text and JSON")
    func secrets() async throws {
        let folder = try TemporaryDirectory()
        let module = "org.apache.kafka.common.security.plain.PlainLoginModule"
        let text =
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\n"
            + "sasl.jaas.config=\(module) required username=\"u\" password=\"hush-hush\";\n"
        let path = try folder.write(Array(text.utf8), to: "c.properties")
        for arguments in [[], ["-v"], ["--json"]] {
            let finished = try await KafkaProducerBinary.run(["config", "-c", path] + arguments)
            #expect(finished.status == 0, "\(finished)")
            #expect(!finished.outputText.contains("hush") && !finished.errorText.contains("hush"))
            #expect(finished.outputText.contains("sasl.jaas.config") && finished.outputText.contains("[hidden]"))
            #expect(finished.outputText.contains("records go in plain text"))
        }
    }

    @Test("the text has its parts; -v adds the settings of TLS")
    func text() async throws {
        let plain = try await KafkaProducerBinary.run(["config", "-X", "acks=1"])
        let parts = plain.outputLines.filter { !$0.hasPrefix(" ") }
        #expect(parts == ["set", "not set", "idempotence", "times", "worth knowing", "dangerous"])
        #expect(plain.outputLines.contains("  acks = 1  (-X; default all; elsewhere request.required.acks)"))
        #expect(!plain.outputText.contains("ssl.protocol = "))
        #expect(try await KafkaProducerBinary.run(["config", "-v"]).outputText.contains("ssl.protocol = "))
    }

    @Test("all that is wrong is told at once, on stderr and as JSON, with status 2")
    func wrong() async throws {
        let finished = try await KafkaProducerBinary.run(["config", "--json", "-X", "acks=7", "-X", "batch.sze=1"])
        #expect(finished.status == 2)
        let errors = try JSONDecoder().decode([String: [String]].self, from: Data(finished.output))["errors"] ?? []
        #expect(errors.contains { $0.contains("did you mean batch.size?") } && errors.contains { $0.contains("acks") })
        #expect(
            finished.errorText.contains("did you mean batch.size?")
                && finished.errorText.contains("7 for configuration acks")
        )
    }
}
