// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// One option of another tool: a line with it, and what becomes of that here.
struct ToolRow: Sendable, CustomTestStringConvertible {
    /// What is to come of the line.
    enum Outcome: Sendable {
        /// The same as there: what is stored in topic `t`, and what is printed.
        case same(input: String, stored: [SentRecord], output: String)
        /// The same, where a number of records is measured.
        case measured
        /// It ends with this status and these words, which show what was tried.
        case tried(status: Int32, words: String)
        /// It is refused, with what to write.
        case refused(words: String)
    }

    /// The option as the tool's documents have it.
    var option: String
    /// In it BROKER stands for the cluster, DIR for a folder with files, EMPTY for no text, and a tilde for a blank.
    var line: String
    var outcome: Outcome

    var testDescription: String { "\(option): \(line)" }

    /// Whether the tool's line does here what it does there.
    var isSame: Bool {
        if case .refused = outcome { false } else { true }
    }

    private static let two = [SentRecord("a"), SentRecord("b")]

    /// A line that sends `a` and `b`, or what it says.
    static func same(
        _ option: String,
        _ line: String,
        input: String = "a\nb\n",
        stored: [SentRecord] = two,
        output: String = ""
    ) -> Self {
        Self(option: option, line: line, outcome: .same(input: input, stored: stored, output: output))
    }

    static func refused(_ option: String, _ line: String, _ words: String) -> Self {
        Self(option: option, line: line, outcome: .refused(words: words))
    }

    /// Runs the line and looks at what became of it.
    func perform() async throws {
        let broker = try await EmbeddedBroker.started(partitions: 3) { $0.topics = ["t": 1, "u": 1] }
        let folder = try TemporaryDirectory()
        for (name, text) in [
            ("lines", "one\ntwo\n"), ("empty", ""), ("reader.properties", "parse.key=true\nkey.separator=:\n"),
            ("kafka.properties", "linger.ms=1\n"), ("ca.pem", "none"),
        ] { try folder.write(text, to: name) }
        let words = line.split(separator: " ").map { word in
            [("BROKER", broker.bootstrap), ("DIR", folder.path), ("EMPTY", ""), ("~", " ")].reduce(String(word)) {
                $0.replacing($1.0, with: $1.1)
            }
        }
        let input = if case .same(let input, _, _) = outcome { input } else { "a\nb\n" }
        let finished = try await KafkaProducerBinary.run(words, input: .text(input))
        switch outcome {
        case .same(_, let stored, let output):
            #expect(finished.status == 0, "\(finished)")
            #expect(finished.outputText == output, "\(finished)")
            #expect(try await broker.sent(to: "t") == stored, "\(finished)")
        case .measured:
            #expect(finished.status == 0 && finished.outputText.contains("20 records sent"), "\(finished)")
        case .tried(let status, let words):
            #expect(finished.status == status && finished.errorText.contains(words), "\(finished)")
        case .refused(let advice):
            #expect(finished.status == 2 && finished.errorText.contains(advice), "\(finished)")
            #expect(finished.output.isEmpty)
            #expect(try await broker.sent(to: "t") == [])
        }
        await broker.stop()
    }
}
