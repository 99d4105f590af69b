// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

@testable import ProducerCommand

@Suite("Presets")
struct PresetTests {
    private func configuration(
        _ preset: Preset,
        file: [PropertySource.Entry] = [],
        options: [PropertySource] = []
    ) throws -> ProducerConfiguration {
        let servers = PropertySource(name: "-b", key: "bootstrap.servers", value: "localhost:9092")
        let file = PropertySource(name: "producer.config", entries: file)
        return try ProducerConfiguration(merging: [preset.source, file] + options + [servers])
    }

    @Test(
        "every preset is a configuration that starts, without a warning, and each of its settings holds",
        arguments: Preset.allCases
    )
    func valid(preset: Preset) throws {
        let configuration = try configuration(preset)
        try configuration.validate()
        #expect(configuration.notices.isEmpty)
        #expect(configuration.isIdempotenceEnabled)
        for setting in preset.settings {
            let effective = try #require(configuration.effectiveValues.first { $0.key == setting.key })
            #expect(effective.origin?.description == "preset \(preset.rawValue)")
            #expect(effective.text == setting.value || setting.value == "all" && effective.text == "-1")
            #expect(!setting.reason.isEmpty)
        }
    }

    @Test("what the file sets comes before the preset, what an option sets before both")
    func precedence() throws {
        let file = [PropertySource.Entry(key: "linger.ms", value: "7"), .init(key: "batch.size", value: "20000")]
        let option = PropertySource(name: "-X", key: "batch.size", value: "30000")
        let configuration = try configuration(.bulk, file: file, options: [option])
        #expect(configuration.linger == .milliseconds(7))
        #expect(configuration.batchSize == 30_000)
        #expect(configuration.compression == .lz4(level: 9))
    }

    @Test("acks=1 in the file means to do without idempotence: durable does not turn that into an error")
    func weakerFile() throws {
        let configuration = try configuration(.durable, file: [.init(key: "acks", value: "1")])
        #expect(configuration.acks == .leader)
        #expect(!configuration.isIdempotenceEnabled)
    }

    @Test("enable.idempotence=true in the file holds beside each preset", arguments: Preset.allCases)
    func idempotentFile(preset: Preset) throws {
        let configuration = try configuration(preset, file: [.init(key: "enable.idempotence", value: "true")])
        #expect(configuration.isIdempotenceEnabled)
    }

    @Test("a file that needs a longer delivery.timeout.ms than it sets is an error with durable too, of the file")
    func conflicting() {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(.durable, file: [.init(key: "delivery.timeout.ms", value: "10", line: 3)])
        }
        #expect(error?.key == "delivery.timeout.ms")
    }
}
