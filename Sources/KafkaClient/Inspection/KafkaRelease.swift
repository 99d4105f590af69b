// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Guesses the release of Kafka that a broker is, or that it imitates, by what it serves. Brokers do not tell it.
enum KafkaRelease {
    /// What came with a release: an API, in this version or a later one.
    private static let hallmarks: [(release: String, api: Int16, version: Int16)] = [
        ("0.10", 18, 0), ("0.11", 22, 0), ("1.0", 36, 0), ("1.1", 42, 0), ("2.0", 0, 6), ("2.1", 0, 7), ("2.2", 43, 0),
        ("2.3", 44, 0), ("2.4", 0, 8), ("2.6", 48, 0), ("2.7", 1, 12), ("2.8", 60, 0), ("3.0", 65, 0), ("3.1", 1, 13),
        ("3.5", 1, 15), ("3.7", 0, 10), ("3.8", 75, 0), ("3.9", 1, 17), ("4.0", 0, 12), ("4.1", 0, 13),
    ]

    /// The highest level of `metadata.version` that came with a release.
    private static let levels: [(release: String, first: Int16)] = [
        ("3.3", 4), ("3.4", 8), ("3.5", 9), ("3.6", 12), ("3.7", 15), ("3.8", 20), ("3.9", 21), ("4.0", 22),
        ("4.1", 26), ("4.2", 28),
    ]

    /// The newest release of which something is served; nil when nothing is known.
    static func atLeast(_ response: ApiVersionsResponse) -> String? {
        let level = response.supportedFeatures.first { $0.name == "metadata.version" }?.maxVersion
        if let level, let found = levels.last(where: { $0.first <= level }) { return found.release }
        let served = Dictionary(response.apiKeys.map { ($0.apiKey.rawValue, $0.maxVersion) }) { first, _ in first }
        return hallmarks.last { mark in served[mark.api].map { $0 >= mark.version } ?? false }?.release
    }
}
