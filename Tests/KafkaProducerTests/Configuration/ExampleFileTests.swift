// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaProducer
import Testing

/// The example of a settings file against the table of settings.
@Suite("producer.config.example")
struct ExampleFileTests {
    /// The lines of the example, and the settings that are commented out in it.
    struct Example {
        var bytes: [UInt8]
        var lines: [String]

        init() throws {
            let package = URL(fileURLWithPath: #filePath)
                .deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            bytes = [UInt8](try Data(contentsOf: package.appendingPathComponent("producer.config.example")))
            lines = String(decoding: bytes, as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }

        static func isSetting(_ line: String) -> Bool {
            line.hasPrefix("#") && line.contains("=") && !line.hasPrefix("# ")
        }

        /// The example with every `#key=value` in force.
        var uncommented: [UInt8] {
            Array(lines.map { Self.isSetting($0) ? String($0.dropFirst()) : $0 }.joined(separator: "\n").utf8)
        }

        /// Every setting with the comment above it.
        var settings: [(key: String, value: String, comment: String)] {
            var settings: [(key: String, value: String, comment: String)] = []
            var comment = ""
            for line in lines {
                if line.hasPrefix("# ") {
                    comment += line.dropFirst(1)
                } else if let equals = line.firstIndex(of: "=") {
                    let key = line[..<equals].drop { $0 == "#" }
                    settings.append((String(key), String(line[line.index(after: equals)...]), comment))
                } else if line.isEmpty {
                    comment = ""
                }
            }
            return settings
        }
    }

    @Test("it loads as it is without a word")
    func loads() throws {
        let source = try PropertySource(name: "producer.config", contents: try Example().bytes)
        let configuration = try ProducerConfiguration(merging: [source])
        #expect(configuration.notices.isEmpty)
        #expect(configuration.bootstrapServers == [BootstrapServer(host: "localhost", port: 9092)])
        try configuration.validate()
        try configuration.validateSupport()
    }

    @Test("putting every line in force changes nothing but what has no default")
    func defaults() throws {
        let example = try Example()
        let source = try PropertySource(name: "producer.config", contents: example.uncommented)
        let all = try ProducerConfiguration(merging: [source])
        // With security.protocol=PLAINTEXT, TLS and logins are idle.
        for notice in all.notices { #expect(notice.kind == .noEffect && notice.message.contains("PLAINTEXT")) }
        let none = try ProducerConfiguration(
            merging: [PropertySource(name: "none", key: "bootstrap.servers", value: "localhost:9092")]
        )
        let changed = zip(all.effectiveValues, none.effectiveValues).filter { $0.text != $1.text }.map(\.0.key)
        let unset = example.settings.filter { $0.comment.contains("Default: unset") }.map(\.key)
        #expect(changed.sorted() == unset.filter { ProducerConfigKey.named($0) != nil }.sorted())
        #expect(all.keySerializer == none.keySerializer)
        #expect(all.valueSerializer == none.valueSerializer)
    }

    @Test("it lists nothing that does not exist, and everything that has an effect")
    func keys() throws {
        let listed = try Example().settings.map(\.key)
        #expect(Set(listed).count == listed.count)
        let encodings = ["key.serializer.encoding", "value.serializer.encoding"]
        for key in listed where !encodings.contains(key) && !key.hasPrefix("config.providers.") {
            #expect(ProducerConfigKey.named(key)?.support == .honoured, "\(key)")
        }
        let honoured = ProducerConfigKey.all.filter { $0.support == .honoured }.map(\.name)
        #expect(Set(honoured).subtracting(listed).isEmpty)
    }

    @Test("every stated default is the value that is shown")
    func stated() throws {
        for setting in try Example().settings where setting.key != "bootstrap.servers" {
            let parts = setting.comment.components(separatedBy: "Default: ")
            try #require(parts.count == 2, "\(setting.key)")
            let isUnset = parts[1].hasPrefix("unset")
            let words = parts[1].split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
            let values = setting.value.split(separator: ",").map(String.init)
            #expect(isUnset || values.allSatisfy(words.contains), "\(setting.key)")
        }
    }

    @Test("its text is ASCII, as the format's charset is not UTF-8")
    func ascii() throws {
        #expect(try Example().bytes.allSatisfy { $0 < 0x80 })
    }
}
