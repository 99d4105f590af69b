// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaProducer
import Testing

@testable import ProducerCommand

@Suite("The options of perf")
struct PerfOptionsTests {
    private static func plan(_ arguments: [String]) throws -> PerfPlan {
        let command = try Main.parse(["perf", "--topic", "t", "--num-records", "10"] + arguments)
        return try #require(command as? PerfCommand).plan()
    }

    @Test("a command line of kafka-producer-perf-test is understood as it is")
    func dropIn() throws {
        let plan = try Self.plan([
            "--record-size", "100", "--throughput", "-1", "--producer-props", "bootstrap.servers=h:1", "acks=1",
            "sasl.jaas.config=x y=\"z\";", "--print-metrics", "--producer.config", "p.config", "--warmup-records", "3",
            "--reporting-interval", "1000",
        ])
        #expect(plan.values == .generated(size: 100, ratio: nil))
        #expect(plan.rate == nil && plan.warmup == 3 && plan.interval == .seconds(1) && plan.metrics.printsAtEnd)
        #expect(plan.settings.file == "p.config")
        let entries = plan.settings.sources.flatMap(\.entries).map { "\($0.key)=\($0.value)" }
        #expect(entries == ["bootstrap.servers=h:1", "acks=1", "sasl.jaas.config=x y=\"z\";"])
    }

    @Test("the newer names of the same options", arguments: ["--command-property", "-X", "--producer-props"])
    func newerNames(option: String) throws {
        let plan = try Self.plan([
            "--payload-monotonic", option, "a=1", "b=2", option, "c=3=4", "--bootstrap-server", "h:1",
            "--command-config", "f", "--throughput", "12.5",
        ])
        #expect(plan.settings.sources.flatMap(\.entries).map(\.key) == ["a", "b", "c", "bootstrap.servers"])
        #expect(plan.settings.file == "f" && plan.rate == 12.5 && plan.values == .ordinals)
    }

    @Test("the client is named as kafka-producer-perf-test is, unless a file or a preset's better says otherwise")
    func clientID() throws {
        let plan = try Self.plan(["--record-size", "1", "--preset", "bulk", "-b", "h:1"])
        let configuration = try ProducerConfiguration(merging: try plan.settings.load().sources)
        #expect(configuration.clientID == "perf-producer-client" && configuration.batchSize == 1_000_000)
    }

    @Test("a payload file and its delimiter, keys and a ratio")
    func values() throws {
        #expect(
            try Self.plan(["--payload-file", "f", "--payload-delimiter", "\\n\\n"]).values
                == .file(path: "f", delimiter: try #require(BytePattern([10, 10])))
        )
        let plan = try Self.plan(["--record-size", "9", "--compression-ratio", "4", "--key-size", "8"])
        #expect(plan.values == .generated(size: 9, ratio: 4))
        #expect(plan.keys?.size == 8 && plan.keys?.cardinality == 1_000_000)
        #expect(try Self.plan(["--record-size", "9", "--key-cardinality", "37"]).keys?.size == 2)
        #expect(try Self.plan(["--record-size", "9", "--key-size", "2"]).keys?.cardinality == 1296)
    }

    @Test(
        "what makes no sense is told",
        arguments: [
            [], ["--record-size", "1", "--payload-monotonic"], ["--record-size", "0"],
            ["--record-size", "1", "--throughput", "0"], ["--record-size", "1", "--warmup-records", "10"],
            ["--record-size", "1", "--compression-ratio", "0.5"], ["--payload-monotonic", "--compression-ratio", "2"],
            ["--record-size", "1", "--key-size", "1", "--key-cardinality", "37"],
            ["--record-size", "1", "--compare", "a"], ["--record-size", "1", "--compare", "a", "b", "-c", "c"],
            ["--record-size", "1", "--compare", "a", "b", "--report", "r"], ["--record-size", "1", "-X", "acks"],
            ["--record-size", "1", "--transactional-id", ""],
            ["--record-size", "1", "--transaction-duration-ms", "0"],
        ]
    )
    func mistakes(arguments: [String]) throws {
        let command = try #require(
            try Main.parse(["perf", "--topic", "t", "--num-records", "10"] + arguments) as? PerfCommand
        )
        #expect(throws: UsageError.self) { try command.plan() }
    }

    @Test("two files to compare")
    func comparing() throws {
        let plan = try Self.plan(["--record-size", "1", "--compare", "a.config", "b.config", "--rounds", "5"])
        #expect(plan.compared?.0 == "a.config" && plan.compared?.1 == "b.config" && plan.rounds == 5)
    }
}
