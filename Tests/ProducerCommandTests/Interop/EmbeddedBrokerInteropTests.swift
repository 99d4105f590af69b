// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Other clients, and `kafka-producer` itself, against `kafka-producer broker`.
@Suite("Interop: other clients with the embedded broker", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct EmbeddedBrokerInteropTests {
    @Test("kcat sends and both clients read", arguments: InteropCodec.allCases)
    func takesKcat(codec: InteropCodec) async throws {
        let broker = try await EmbeddedBrokerProcess(["--brokers", "3", "--partitions", "12"])
        for acks in ["0", "1", "all"] {
            let topic = "kcat-\(acks)"
            let lines = RecordLines.random(500, isKeyed: true, seed: 21)
            try await Kcat.produce(
                .bytes(lines.input),
                to: topic,
                at: broker.bootstrap,
                arguments: ["-K", "\\t", "-z", codec.rawValue, "-X", "acks=\(acks)"]
            )
            let read = try await Kcat.read(topic, from: broker.bootstrap)
            #expect(difference(sent: lines.records, read: read) == nil, "kcat, \(topic)")
            let again = try await ConfluentKafka.read(topic, from: broker.bootstrap)
            #expect(difference(sent: lines.records, read: again) == nil, "confluent-kafka, \(topic)")
        }
    }

    @Test(
        "confluent-kafka sends and both clients read",
        arguments: InteropCodec.allCases,
        [["acks": "0"], ["acks": "1"], ["acks": "all"], ["enable.idempotence": "true"]]
    )
    func takesConfluentKafka(codec: InteropCodec, settings: [String: String]) async throws {
        let broker = try await EmbeddedBrokerProcess(["--partitions", "3"])
        var records = RecordLines.random(300, isKeyed: true, seed: 22).records
        records.append(StoredRecord.text(nil, key: "tombstone"))
        records.append(StoredRecord(timestamp: 1_234_567_890_123, value: Data()))
        let header = StoredRecord.Header(name: "h", value: Data([0, 255]))
        records.append(StoredRecord(value: Data("x".utf8), headers: [header, .init(name: "h", value: nil), header]))
        let settings = settings.merging(["compression.type": codec.rawValue]) { $1 }
        let reports = try await ConfluentKafka.produce(records, to: "records", at: broker.bootstrap, settings: settings)
        let read = try await ConfluentKafka.read("records", from: broker.bootstrap)
        #expect(difference(sent: records, read: read) == nil)
        #expect(read.contains { $0.timestamp == 1_234_567_890_123 && $0.value == Data() })
        if settings["acks"] != "0" {
            let places = Set(read.map { [$0.partition.map(Int64.init), $0.offset] })
            #expect(Set(reports.map { [$0.partition.map(Int64.init), $0.offset] }) == places)
        }
        #expect(try await Kcat.read("records", from: broker.bootstrap).count == records.count)
    }

    @Test("kafka-producer sends and both clients read", arguments: InteropCodec.allCases, ["0", "1", "all"])
    func takesOurs(codec: InteropCodec, acks: String) async throws {
        let broker = try await EmbeddedBrokerProcess(["--brokers", "3", "--partitions", "12"])
        let lines = RecordLines.random(500, isKeyed: true, seed: 23)
        try await KafkaProducerBinary.send(
            .bytes(lines.input),
            to: "ours",
            at: broker.bootstrap,
            arguments: ["-K", "\\t", "-z", codec.rawValue, "-X", "acks=\(acks)"]
        )
        let read = try await Kcat.read("ours", from: broker.bootstrap)
        #expect(difference(sent: lines.records, read: read) == nil, "kcat")
        let again = try await ConfluentKafka.read("ours", from: broker.bootstrap)
        #expect(difference(sent: lines.records, read: again) == nil, "confluent-kafka")
    }

    @Test("records are there after a restart, and new ones follow them")
    func keepsRecords() async throws {
        let folder = try TemporaryDirectory()
        let arguments = ["--partitions", "3", "--data-dir", folder.path + "/data"]
        let lines = RecordLines.random(300, isKeyed: true, seed: 24)
        let keyed = ["-K", "\\t"]
        var broker = try await EmbeddedBrokerProcess(arguments)
        try await Kcat.produce(.bytes(lines.input), to: "kept", at: broker.bootstrap, arguments: keyed)
        try await broker.stop()

        broker = try await EmbeddedBrokerProcess(arguments)
        var read = try await TopicReader.read("kept", from: broker.bootstrap)
        #expect(difference(sent: lines.records, read: read) == nil)
        let input = ChildProcessInput.Source.bytes(lines.input)
        try await KafkaProducerBinary.send(input, to: "kept", at: broker.bootstrap, arguments: keyed)
        read = try await ConfluentKafka.read("kept", from: broker.bootstrap)
        #expect(read.count == 600)
        #expect(Set(read.map(\.content)) == Set(lines.records))
        try await broker.stop()
    }

    @Test("what send --embedded stores, a broker on the same folder serves")
    func sendsWithoutNetwork() async throws {
        let folder = try TemporaryDirectory()
        let data = folder.path + "/data"
        let lines = RecordLines.random(300, isKeyed: false, seed: 25)
        let words = ["send", "--embedded", data, "--topic", "inside", "-z", "zstd"]
        let finished = try await KafkaProducerBinary.run(words, input: .bytes(lines.input))
        #expect(finished.status == 0, "\(finished)")
        let broker = try await EmbeddedBrokerProcess(["--data-dir", data])
        let read = try await TopicReader.read("inside", from: broker.bootstrap)
        #expect(difference(sent: lines.records, read: read) == nil)
    }
}
