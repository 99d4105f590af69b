// SPDX-License-Identifier: Apache-2.0

/// The rule that brokers apply to the names of topics.
enum TopicName {
    /// The most characters of a name.
    static let limit = 249

    /// Throws what is wrong with a name, so that a slip is reported without asking a broker.
    static func check(_ name: String) throws(UsageError) {
        let isLegal = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: true
            default: false
            }
        }
        guard isLegal, !name.isEmpty, name != ".", name != "..", name.utf8.count <= limit else {
            throw UsageError(
                "\"\(Self.shown(name))\" cannot be a topic: names have 1 to \(limit) of the characters a-z A-Z 0-9 . _ -, not . or .. alone"
            )
        }
    }

    /// A name on one line, whatever is in it.
    private static func shown(_ name: String) -> String {
        name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? $0.escaped(asASCII: true) : String($0) }
            .joined()
    }
}
