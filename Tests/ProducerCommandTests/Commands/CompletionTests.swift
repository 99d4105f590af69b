// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The completions and manual pages that the scripts make of the built command.
@Suite("Completions and manual pages", .needsPeers, .timeLimit(.minutes(10)))
struct CompletionTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func script(_ name: String) async throws {
        let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
        let finished = try await ChildProcess.run(
            "/usr/bin/env",
            ["python3", "\(root)/Scripts/\(name)", TestTools.kafkaProducer(), folder.path]
        )
        #expect(finished.status == 0, "\(finished.errorText)")
    }

    /// Most lines leave out the word `send`; files have to be offered on them too.
    @Test("bash is offered commands, files, options, codecs, presets and the names of settings")
    func bash() async throws {
        try await script("completions")
        let finished = try await ChildProcess.run(
            "/usr/bin/env",
            [
                "bash", "-c",
                """
                source "$1/bash-completion/completions/kafka-producer"
                mkdir "$1/files" && cd "$1/files" && touch orders.txt producer.config
                complete_line() {
                    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
                    _kafka_producer 2>/dev/null
                    printf '%s: %s\\n' "$*" "$(printf '%s\\n' "${COMPREPLY[@]}" | sort | head -n 3 | tr '\\n' ' ')"
                }
                complete_line kafka-producer doc
                complete_line kafka-producer ord
                complete_line kafka-producer -t orders -c prod
                complete_line kafka-producer send --on-er
                complete_line kafka-producer -z l
                complete_line kafka-producer perf --preset low
                complete_line kafka-producer -X linger
                complete_line kafka-producer partition-of --as j
                complete_line kafka-producer broker --plain
                complete_line kafka-producer perf ord
                """,
                "bash", folder.path,
            ]
        )
        #expect(
            finished.outputText == """
                kafka-producer doc: doctor\u{20}
                kafka-producer ord: orders.txt\u{20}
                kafka-producer -t orders -c prod: producer.config\u{20}
                kafka-producer send --on-er: --on-error\u{20}
                kafka-producer -z l: lz4\u{20}
                kafka-producer perf --preset low: low-latency\u{20}
                kafka-producer -X linger: linger.ms=\u{20}
                kafka-producer partition-of --as j: java\u{20}
                kafka-producer broker --plain: --plaintext-port\u{20}
                kafka-producer perf ord: \u{20}

                """
        )
    }

    @Test("each command has a manual page with each of its options, and the settings have one with their names")
    func manual() async throws {
        try await script("manual")
        for command in ["send", "resend", "read", "perf", "doctor", "config", "broker"] {
            let help = try await ChildProcess.run(TestTools.kafkaProducer(), [command, "--help"]).outputText
            let page = try text("man1/kafka-producer-\(command).1")
            let options = help.matches(of: /(?m)^ +(?:-\w, )?(--[a-z.-]+)/).map { String($0.1) }
            #expect(options.count > 5)
            for option in options where option != "--help" && option != "--version" {
                #expect(page.contains("\\fB" + option.replacing("-", with: "\\-") + "\\fR"), "\(command) \(option)")
            }
        }
        let page = try text("man5/kafka-producer.config.5")
        for setting in ["bootstrap.servers", "acks", "batch.size", "sasl.jaas.config", "transactional.id"] {
            #expect(page.contains("\\fB\(setting)\\fR"), "\(setting)")
        }
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    }
}
