// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// `read -f`, and what `send -f` makes of it.
@Suite("Reading by a layout", .takesTurns, .timeLimit(.minutes(10)))
struct ReadLayoutTests {
    private func read(_ broker: EmbeddedBroker, _ topic: String, _ arguments: [String] = []) async throws
        -> FinishedProcess
    {
        try await KafkaProducerBinary.run(["read", "-b", broker.bootstrap, "-t", topic] + arguments)
    }

    /// Records that other formats lose something of.
    private static var odd: String {
        let large = String(repeating: "ä\\u0001\\\\", count: 225_000)
        return """
            {"timestamp":1,"key":null,"value":null,"headers":[]}
            {"timestamp":2,"key":"","value":"","headers":[{"key":"","value":""},{"key":"h","value":null},{"key":"h","value":{"base64":"gA=="}}]}
            {"timestamp":3,"key":{"base64":"/wA="},"value":{"base64":"//4="},"headers":[{"key":"é\\"","value":"\\u0000"}]}
            {"timestamp":4,"key":"\\ud83d\\ude00","value":"\(large)","headers":[]}

            """
    }

    @Test(
        "by a layout with sizes a copy loses nothing: null, empty, binary, duplicate headers, times, 900 KB",
        arguments: [
            "%d{big64}%K{big32}%k%V{big32}%v%H{big32}%h{%K{big32}%k%V{big32}%v}",
            "%H{hex32}%h{%K{little32}%k%V{hex64}%v}%d:%K{hex32}%k%V;%v{hex}\\n",
            "%d %K{ascii},%k{base64}%V{little64}%v{base64}%H{number}-%h{%K{big16}%k%V{little32}%v}",
        ]
    )
    func copy(layout: String) async throws {
        let broker = try await EmbeddedBroker.started(partitions: 1)
        let words = ["-b", broker.bootstrap, "-t", "a", "--input", "json"]
        let sent = try await KafkaProducerBinary.run(words, input: .text(Self.odd))
        #expect(sent.status == 0, "\(sent)")
        let printed = try await read(broker, "a", ["-f", layout])
        #expect(printed.status == 0, "\(printed.errorText)")
        let copied = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "b", "-f", layout],
            input: .bytes(Array(printed.output))
        )
        #expect(copied.status == 0, "\(copied.errorText)")
        let (first, second) = (try await read(broker, "a"), try await read(broker, "b"))
        #expect(first.outputLines.count == 4)
        #expect(first.outputText.replacing(#"{"topic":"a""#, with: #"{"topic":"b""#) == second.outputText)
        // Printed again it is the same.
        #expect(try await read(broker, "b", ["-f", layout]).output == printed.output)
        await broker.stop()
    }

    @Test("topic, partition and offset are written too, and topics are copied to where they say")
    func topics() async throws {
        let broker = try await EmbeddedBroker.started(partitions: 1)
        let words = ["-b", broker.bootstrap, "-t", "a"]
        #expect(try await KafkaProducerBinary.run(words, input: .text("x\ny\n")).status == 0)
        let printed = try await read(broker, "a", ["-f", "%t:%p:%o:%v\\n"])
        #expect(printed.outputText == "a:0:0:x\na:0:1:y\n")
        let text = printed.outputText.replacing("a:", with: "b:")
        let copied = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-f", "%t:%p:%o:%v\\n"],
            input: .text(text)
        )
        #expect(copied.status == 0, "\(copied)")
        #expect(try await broker.sent(to: "b") == [SentRecord("x"), SentRecord("y")])
        await broker.stop()
    }

    @Test("a record that does not fit ends the reading with its place, and those before it are printed whole")
    func misfit() async throws {
        let broker = try await EmbeddedBroker.started(partitions: 1)
        let words = ["-b", broker.bootstrap, "-t", "a", "--null-marker", "-"]
        #expect(try await KafkaProducerBinary.run(words, input: .text("x\n-\ny\n")).status == 0)
        let printed = try await read(broker, "a", ["-f", "%V{byte}%v"])
        #expect(printed.status == 1)
        #expect(printed.outputText == "\u{1}x")
        #expect(
            printed.errorText.contains(
                "error: the record at offset 1 of a-0 cannot be printed as -f has it: it has a null, whose size -1 does not fit {byte}"
            ),
            "\(printed)"
        )
        await broker.stop()
    }

    @Test("-f reads texts by regular expressions; a record that does not match fails alone")
    func expressions() async throws {
        let broker = try await EmbeddedBroker.started(partitions: 1)
        let finished = try await KafkaProducerBinary.run(
            ["-b", broker.bootstrap, "-t", "a", "-f", #"%k{re#[a-z]+#}%v{re[\d{1,3}]}\n"#],
            input: .text("ab12\n34\nc5\nd6789\n")
        )
        #expect(finished.status == 1)
        #expect(
            finished.errorText.contains(
                "2 records failed with MALFORMED_RECORD, first stdin:2: column 1: a text is not what its"
            ),
            "\(finished)"
        )
        #expect(try await broker.sent(to: "a") == [SentRecord("12", key: "ab"), SentRecord("5", key: "c")])
        await broker.stop()
    }

    @Test(
        "what can only be read, and two ways of printing, are refused",
        arguments: [
            (["-f", "%v{json}"], "{json}, which is for reading"), (["-f", "%v", "--output", "json"], "use one"),
            (["-f", "%v{re#a#}"], "{re}, which is for reading"), (["-f", "%q"], "unknown verb %q"),
        ]
    )
    func refused(arguments: [String], words: String) async throws {
        let finished = try await KafkaProducerBinary.run(["read", "-b", "127.0.0.1:1", "-t", "a"] + arguments)
        #expect(finished.status == 2 && finished.errorText.contains(words), "\(finished)")
    }
}
