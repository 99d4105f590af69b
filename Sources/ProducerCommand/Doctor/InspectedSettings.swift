// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProducer

/// Settings that could be read, and what there is to say about them.
struct InspectedSettings: Sendable {
    let configuration: ProducerConfiguration
    /// The file that was read, if any.
    let file: String?
    /// One line for each setting that several sources give.
    let overrides: [String]
    /// The file with a password that others can read, if it is so.
    let openPasswordFile: String?

    /// What decides about the way to the cluster, be it a default.
    private static let important = [
        "bootstrap.servers", "security.protocol", "sasl.mechanism", "acks", "enable.idempotence",
    ]

    /// What is worth knowing; with `isVerbose` every setting that was written. No secret is in it.
    func findings(isVerbose: Bool) -> [Finding] {
        var found = [Self.finding(.ok, file.map { "read from \($0)" } ?? "no settings file")]
        for value in configuration.effectiveValues where isShown(value, isVerbose) {
            let origin = value.origin.map { " (\($0))" } ?? " (default)"
            found.append(Self.finding(.ok, "\(value)\(origin)"))
        }
        found += overrides.map { Self.finding(.ok, $0) }
        for notice in configuration.notices {
            found.append(Self.finding(notice.severity == .warning ? .warning : .ok, "\(notice)"))
        }
        if let openPasswordFile {
            let text = "\(Credentials.fileOption) \(openPasswordFile): others can read this file"
            found.append(Self.finding(.warning, text, "chmod 600 \(openPasswordFile)"))
        }
        return found
    }

    private func isShown(_ value: EffectiveValue, _ isVerbose: Bool) -> Bool {
        if value.key == "sasl.mechanism", !configuration.securityProtocol.usesSASL { return false }
        return Self.important.contains(value.key) || (isVerbose && value.origin != nil)
    }

    private static func finding(_ mark: Finding.Mark, _ text: String, _ advice: String? = nil) -> Finding {
        Finding(.settings, "settings", mark, text, advice: advice)
    }
}
