// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker

/// A topic as `broker --topic` takes it: `NAME[:PARTITIONS][,SETTING=VALUE...]`.
struct TopicArgument {
    let name: String
    /// nil when it is not said.
    private(set) var partitions: Int?
    private(set) var settings = TopicSettings()

    init(_ text: String) throws(UsageError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let names = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(names[0])
        if names.count == 2 {
            guard let count = Int(names[1]), count > 0 else { throw Self.unreadable(text) }
            partitions = count
        }
        for setting in try Self.settings(in: parts.dropFirst(), text) {
            try Self.set(setting, in: &settings, "--topic \(text)")
        }
    }

    /// What stands between commas, where `cleanup.policy=compact,delete` has one itself.
    private static func settings(in parts: ArraySlice<Substring>, _ text: String) throws(UsageError) -> [String] {
        var settings: [String] = []
        for part in parts {
            if part.contains("=") {
                settings.append(String(part))
            } else if let last = settings.popLast(), last.hasPrefix(TopicSetting.cleanupPolicy.rawValue) {
                settings.append(last + "," + part)
            } else {
                throw unreadable(text)
            }
        }
        return settings
    }

    /// Reads `SETTING=VALUE`.
    ///
    /// - Parameters:
    ///   - text: A setting by Kafka's name for topics.
    ///   - settings: Where it is set.
    ///   - option: The option that has it, for an error.
    /// - Throws: When there is no such setting, or it cannot have this value.
    static func set(_ text: String, in settings: inout TopicSettings, _ option: String) throws(UsageError) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard sides.count == 2 else { throw UsageError("\(option): \"\(text)\" is not SETTING=VALUE") }
        if sides[0] == "replication.factor" {
            guard let factor = Int(sides[1]) else { throw UsageError("\(option): \(sides[1]) is no number") }
            settings.replicationFactor = factor
            return
        }
        guard let setting = TopicSetting(rawValue: sides[0]) else {
            let known = (TopicSetting.allCases.map(\.rawValue) + ["replication.factor"]).sorted()
            throw UsageError("\(option): \(sides[0]) is none of \(known.joined(separator: ", "))")
        }
        // The broker looks at the value.
        settings[setting] = sides[1]
    }

    private static func unreadable(_ text: String) -> UsageError {
        UsageError("--topic takes NAME or NAME:PARTITIONS, with ,SETTING=VALUE behind, and \"\(text)\" is neither")
    }
}
