// SPDX-License-Identifier: Apache-2.0

/// The rule that brokers apply to the names of topics.
enum TopicName {
    /// The most characters of a name.
    static let limit = 249

    /// Whether brokers take such a name.
    static func isLegal(_ name: Span<UInt8>) -> Bool {
        guard name.count >= 1, name.count <= limit else { return false }
        var points = 0
        for index in name.indices {
            switch name[index] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: break
            case 0x2E: points += 1
            default: return false
            }
        }
        return points != name.count || points > 2
    }

    /// What is wrong with a name that is not legal.
    static func refusal(of name: String) -> String {
        "\"\(shown(name))\" cannot be a topic: names have 1 to \(limit) of the characters a-z A-Z 0-9 . _ -, not . or .. alone"
    }

    /// Throws what is wrong with a name, so that a slip is reported without asking a broker.
    static func check(_ name: String) throws(UsageError) {
        guard isLegal(name.utf8.span) else { throw UsageError(refusal(of: name)) }
    }

    /// A name on one line, whatever is in it.
    private static func shown(_ name: String) -> String {
        name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? $0.escaped(asASCII: true) : String($0) }
            .joined()
    }
}
