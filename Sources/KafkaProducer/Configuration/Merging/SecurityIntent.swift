// SPDX-License-Identifier: Apache-2.0

/// Finds unknown keys by which encryption or a login was meant: a slip of the pen, or what other clients call it.
enum SecurityIntent {
    /// What keys of this kind begin with.
    private static let beginnings = ["ssl", "sasl", "security", "tls"]
    /// What other programs put before the key of a producer, such as `spring.kafka.producer.security.protocol`.
    private static let prefixes: Set<Substring> = [
        "spring", "kafka", "producer", "client", "properties", "override", "enable", "use",
    ]

    static func isMeant(by key: String, value: String) -> Bool {
        let plain = key.lowercased().replacing("_", with: ".").replacing("-", with: ".")
        let parts = plain.split(separator: ".").drop { prefixes.contains($0) }
        if let first = parts.first, beginnings.contains(where: { first.hasPrefix($0) }) { return true }
        if let protocolName = SecurityProtocol(rawValue: value.trimmedAsJava.uppercased()), protocolName != .plaintext {
            return true
        }
        guard let nearest = KeySuggestion.nearest(to: parts.joined(separator: ".")) else { return false }
        return beginnings.contains { nearest.hasPrefix($0 + ".") }
    }
}
