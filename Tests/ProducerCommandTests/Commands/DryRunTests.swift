// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// `--dry-run` as a user runs it.
@Suite("Dry runs", .takesTurns, .timeLimit(.minutes(10)))
struct DryRunTests {
    private let words = ["-t", "t", "-K:", "--null-marker", "NULL", "--dry-run"]

    @Test("without a cluster all is read, checked, counted and compressed, and nothing is sent")
    func alone() async throws {
        let lines = (0..<500).map { "key-\($0):value \($0)\n" }.joined() + "k:NULL\nk:\nbad\n"
        let finished = try await KafkaProducerBinary.run(words + ["-z", "zstd", "-H", "h=1"], input: .text(lines))
        #expect(finished.status == 1)
        #expect(finished.errorText.contains("stdin:503: NO_KEY_SEPARATOR"), "\(finished)")
        #expect(finished.errorText.contains("nothing was sent"))
        let text = finished.outputLines
        #expect(
            text[0]
                == "records: 503 read, 502 good, 1 would fail, 502 with a key, 1 with a null value, 1 with an empty value"
        )
        #expect(text[1].hasPrefix("sizes: keys 3.4 kB, values ") && text[1].contains("502 headers"), "\(finished)")
        #expect(text.contains("partitions: not known"))
        #expect(text.contains { $0.hasPrefix("batches: about ") && $0.contains("batch.size=16384") })
        #expect(text.contains { $0.hasPrefix("compression: zstd makes ") && $0.hasSuffix("%)") })
    }

    @Test("with a cluster: partitions, and the records that its limits refuse, each with the first place")
    func cluster() async throws {
        let broker = try await EmbeddedBroker.started { configuration in
            configuration.topics = ["t": 4]
            configuration.topicSettings["t"] = .init(maxMessageBytes: 300)
        }
        let lines =
            (0..<1000).map { "k\($0):v\n" }.joined() + "k:\(String(repeating: "x", count: 400))\n"
            + "k:\(String(repeating: "x", count: 3000))\n"
        let words = words + ["-b", broker.bootstrap, "-X", "max.request.size=2000", "--summary-json", "&2"]
        let finished = try await KafkaProducerBinary.run(words, input: .text(lines))
        #expect(finished.status == 1, "\(finished)")
        #expect(finished.errorText.contains("stdin:1002: RECORD_TOO_LARGE"), "\(finished)")
        #expect(finished.errorText.contains(#""dryRun":true"#) && finished.errorText.contains(#""failed":1"#))
        #expect(finished.outputText.contains("1 records are above the topic's max.message.bytes=300, first stdin:1001"))
        let spread = try #require(finished.outputLines.first { $0.hasPrefix("partitions: 4, most in ") })
        // The partitions are those that the records would really go to.
        let most = try #require(spread.firstMatch(of: /most in (\d) \((\d+) records\)/))
        let keys = (0..<1000).map { "k\($0)" } + ["k"]
        let said = try await KafkaProducerBinary.run(["partition-of", "--partitions", "4"] + keys)
        let own = said.outputLines.filter { $0.hasPrefix("\(most.1)\t") }
        #expect("\(own.count)" == most.2)
        #expect(try await broker.sent(to: "t").isEmpty)
        await broker.stop()
    }

    @Test("a topic or a cluster that is not there is told, and is no failure of the records")
    func absent() async throws {
        let broker = try await EmbeddedBroker.started { $0.autoCreateTopics = false }
        for (servers, text) in [
            (broker.bootstrap, "topic t is not there"), ("localhost:1", "the cluster does not answer"),
        ] {
            let finished = try await KafkaProducerBinary.run(words + ["-b", servers], input: .text("a:b\n"))
            #expect(finished.status == 0 && finished.outputText.contains(text), "\(finished)")
        }
        #expect(await broker.topics.isEmpty)
        await broker.stop()
    }

    @Test("--dry-run=print prints what would be sent, byte for byte; --count and --min-records hold")
    func prints() async throws {
        let words = ["-t", "t", "-K:", "--dry-run=print", "-p", "3", "-H", "h", "--count", "2", "--min-records", "2"]
        let finished = try await KafkaProducerBinary.run(
            words,
            input: .bytes(Array("a:b\n:".utf8) + [0xFF] + Array("\nc:d\n".utf8))
        )
        #expect(finished.status == 0, "\(finished)")
        #expect(
            finished.outputLines == [
                #"{"file":"stdin","line":1,"topic":"t","partition":3,"timestamp":null,"key":"a","value":"b","headers":[{"key":"h","value":null}]}"#,
                #"{"file":"stdin","line":2,"topic":"t","partition":3,"timestamp":null,"key":"","value":{"base64":"/w=="},"headers":[{"key":"h","value":null}]}"#,
            ]
        )
        let few = try await KafkaProducerBinary.run(words, input: .text("a:b\n"))
        #expect(few.status == 1 && few.errorText.contains("1 record came"), "\(few)")
        let gone = try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["-t", "t", "--dry-run=print"],
            input: .text("a\n"),
            output: .readerGone
        )
        #expect(gone.status == 1 && gone.errorText.contains("cannot write to stdout"), "\(gone)")
    }
}
