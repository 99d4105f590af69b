// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// One row a setting: that every row with a property is read, checked and shown, and that no property lacks its row.
@Suite("Rows of settings")
struct SettingRowTests {
    private static let bound = ProducerConfigKey.rows.filter { $0.property != nil }
    /// What is no setting: what tests change, and what merging found out.
    private static let noSettings: Set<String> = [
        "connectionHedgeDelay", "telemetryPatience", "notices", "merged", "prepared",
    ]
    private let made = ProducerConfiguration(bootstrapServers: [BootstrapServer(host: "localhost", port: 9092)])

    /// Texts of which at least one is allowed and is not the default.
    private static func candidates(_ key: ProducerConfigKey) -> [String] {
        switch key.rule {
        case .oneOf(let words), .oneOfIgnoringCase(let words): return words
        case .serializerClass: return [Serializer.long.className]
        case .partitionerClass: return [PartitionerName.roundRobin.rawValue]
        default: break
        }
        switch key.type {
        case .boolean: return ["true", "false"]
        case .double: return ["0.1", "0.9"]
        case .short, .int, .long:
            let number = Int64(key.defaultText) ?? 0
            return [number - 1, number + 1, 5].map(String.init)
        case .string, .password, .className: return ["other"]
        case .list: return ["other:1"]
        }
    }

    /// A value that the row allows and that changes its property in `configuration`.
    private func change(_ key: ProducerConfigKey, _ configuration: ProducerConfiguration) throws -> (
        String, ConfigValue
    ) {
        let before = key.property?.value(in: configuration)
        let change = Self.candidates(key).lazy.compactMap { text -> (String, ConfigValue)? in
            var changed = configuration
            guard let value = try? key.value(of: text, origin: nil) else { return nil }
            try? key.assign(value, origin: PropertyOrigin(source: "test"), to: &changed)
            return key.property?.value(in: changed) == before ? nil : (text, value)
        }
        return try #require(change.first, "\(key.name)")
    }

    /// The line that a setting needs beside it to be of effect: a level its codec, a choice by racks one's own.
    private static func context(_ key: ProducerConfigKey) -> String {
        if key.name == "partitioner.rack.aware" { return "client.rack=a\n" }
        let parts = key.name.split(separator: ".")
        return key.name.hasPrefix("compression.") && parts.last == "level" ? "compression.type=\(parts[1])\n" : ""
    }

    /// Every property by its name, those of the parts of a configuration too.
    private static func properties(_ configuration: Any, of part: String = "") -> [String: String] {
        var properties: [String: String] = [:]
        for child in Mirror(reflecting: configuration).children {
            let name = part + (child.label ?? "")
            if "\(Swift.type(of: child.value))".hasSuffix("Configuration") {
                properties.merge(self.properties(child.value, of: name + ".")) { $1 }
            } else {
                properties[name] = "\(child.value)"
            }
        }
        return properties
    }

    @Test("every row with a property is read into it and shown with its place", arguments: bound)
    func assembled(key: ProducerConfigKey) throws {
        let context = Self.context(key)
        let before = try ProducerConfiguration(text: context)
        let (text, value) = try change(key, before)
        let after = try ProducerConfiguration(text: "\(context)\(key.name)=\(text)")
        #expect(key.property?.value(in: after) != key.property?.value(in: before))
        // Older settings are none of the Java client's, and are not listed.
        guard ProducerConfigKey.all.contains(key) else { return }
        #expect(after.effective(key.name) == value.text)
        #expect(after.origin(of: key.name)?.source == "producer.config")
        #expect(before.origin(of: key.name) == nil || key.name == "bootstrap.servers")
    }

    /// Properties that setting another one changes too.
    private static let goesWithASetting = ["growsBatches", "limitsRequestsByPartition"]

    @Test("every property has its row, and a row changes its own property alone")
    func complete() throws {
        var found: Set<String> = []
        for key in Self.bound {
            let before = try ProducerConfiguration(text: Self.context(key))
            var after = before
            try key.assign(try change(key, before).1, origin: PropertyOrigin(source: "test"), to: &after)
            let (old, new) = (Self.properties(before), Self.properties(after))
            let changed = old.keys.filter { old[$0] != new[$0] && !Self.goesWithASetting.contains($0) }
            #expect(changed.count == 1, "\(key.name) changes \(changed)")
            found.formUnion(changed)
        }
        #expect(found == Set(Self.properties(made).keys).subtracting(Self.noSettings + Self.goesWithASetting))
    }

    @Test("what a row says of its default is what a configuration made in code shows")
    func defaults() throws {
        #expect(
            made.effectiveValues.map(\.description)
                == (try ProducerConfiguration(text: "")).effectiveValues.map(\.description)
        )
    }

    @Test("a setting is honoured when it has a property; config.providers fills in the others")
    func honoured() {
        let later = ["transaction.two.phase.commit.enable"]
        let honoured = ProducerConfigKey.all.filter { $0.support == .honoured }.map(\.name)
        let bound = ProducerConfigKey.all.filter { $0.property != nil }.map(\.name)
        #expect(Set(honoured) == Set(bound).subtracting(later).union(["config.providers"]))
    }

    @Test("a property that code changed after merging shows as it is, without a place")
    func changedInCode() throws {
        var configuration = try ProducerConfiguration(text: "linger.ms=7\nacks=1\nretries=3")
        configuration.linger = .milliseconds(20)
        configuration.acks = .all
        #expect(configuration.effective("linger.ms") == "20")
        #expect(configuration.origin(of: "linger.ms") == nil)
        #expect(configuration.effective("acks") == "-1")
        #expect(configuration.effective("enable.idempotence") == "true")
        #expect(configuration.effective("retries") == "3")
        #expect(configuration.origin(of: "retries")?.line == 3)
    }

    @Test("what was written is shown where the property cannot hold all of it")
    func shownAsWritten() throws {
        let configuration = try ProducerConfiguration(
            text: "compression.type=gzip\ncompression.zstd.level=7\nlinger.ms=9223372036854775807\n"
                + "delivery.timeout.ms=2147483647\nreconnect.backoff.ms=2000\nreconnect.backoff.max.ms=500\n"
                + "partitioner.class=DefaultPartitioner"
        )
        #expect(configuration.effective("compression.zstd.level") == "7")
        #expect(configuration.effective("linger.ms") == "9223372036854775807")
        #expect(configuration.effective("reconnect.backoff.ms") == "2000")
        #expect(configuration.reconnectBackoff == .milliseconds(500))
        #expect(configuration.effective("partitioner.class") == "DefaultPartitioner")
    }

    @Test(
        "settings of effect that the Java client has no rule for here are checked in code as well",
        arguments: [
            ("metrics.num.samples", "Invalid value 0 for configuration metrics.num.samples: Value must be at least 1"),
            ("bootstrap.servers", "Invalid port in bootstrap.servers: a:0"),
        ]
    )
    func checkedInCode(key: String, message: String) {
        var configuration = made
        if key == "bootstrap.servers" {
            configuration.bootstrapServers = [BootstrapServer(host: "a", port: 0)]
        } else {
            configuration.metricsSampleCount = 0
        }
        let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
        #expect(error?.key == key)
        #expect(error?.javaMessage == message)
    }

    @Test("an older setting with a value that it never had is refused, and not told to be what is done anyway")
    func olderSetting() {
        let error = #expect(throws: ConfigurationError.self) { try ProducerConfiguration(text: "producer.type=maybe") }
        #expect(
            error?.javaMessage
                == "Invalid value maybe for configuration producer.type: String must be one of: sync, async"
        )
        #expect(error?.notices.isEmpty == true)
    }
}
