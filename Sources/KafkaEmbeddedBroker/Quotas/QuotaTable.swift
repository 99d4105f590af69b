// SPDX-License-Identifier: Apache-2.0

/// How many bytes a second clients may produce: Kafka's quotas of users and client ids.
struct QuotaTable: Equatable {
    /// What a quota is counted by.
    static let key = "producer_byte_rate"

    /// A part of what a quota is of.
    enum Name: Hashable {
        /// All that have no quota of their own.
        case standard
        case named(String)

        var text: String {
            switch self {
            case .standard: "-"
            case .named(let name): "=" + name.escapedWord
            }
        }

        init(text: some StringProtocol) {
            self = text.first == "=" ? .named(text.dropFirst().unescapedWord) : .standard
        }

        /// The name, or nil for all others.
        var name: String? {
            guard case .named(let name) = self else { return nil }
            return name
        }
    }

    /// What a quota is of: a user, a client id, or both.
    struct Entity: Hashable {
        var user: Name?
        var client: Name?

        /// All of it in one word.
        var text: String { "\(user?.text ?? "")/\(client?.text ?? "")" }

        init(user: Name? = nil, client: Name? = nil) {
            self.user = user
            self.client = client
        }

        init?(text: some StringProtocol) {
            let words = text.split(separator: "/", omittingEmptySubsequences: false)
            guard words.count == 2 else { return nil }
            user = words[0].isEmpty ? nil : Name(text: words[0])
            client = words[1].isEmpty ? nil : Name(text: words[1])
        }
    }

    /// Bytes a second.
    private(set) var rates: [Entity: Double] = [:]

    /// Sets a quota, or takes it away.
    mutating func set(_ rate: Double?, of entity: Entity) { rates[entity] = rate }

    /// What holds for a client, by Kafka's order of what goes before what; nil for no limit.
    func rate(user: String, client: String) -> Double? {
        guard !rates.isEmpty else { return nil }
        let users: [Name?] = [.named(user), .standard]
        let clients: [Name?] = [.named(client), .standard, nil]
        for user in users {
            for client in clients {
                if let rate = rates[Entity(user: user, client: client)] { return rate }
            }
        }
        return rates[Entity(client: .named(client))] ?? rates[Entity(client: .standard)]
    }
}
