// SPDX-License-Identifier: Apache-2.0

/// The name of a load that is sent exactly once. Its transactional id and its group are called after it, on every machine.
struct LoadName: Equatable, Sendable, CustomStringConvertible {
    /// What the transactional id and the group begin with, so that they are told from others.
    private static let prefix = "kafka-producer."
    private static let longest = 150
    static let option = "--exactly-once"

    let description: String

    /// Throws for what could not be the name of a file, too.
    init(_ text: String) throws(UsageError) {
        let isGood = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isGood, !text.isEmpty, text.utf8.count <= Self.longest else {
            throw UsageError(
                "\(Self.option) \"\(text)\": a load's name has 1 to \(Self.longest) letters, digits, dots, underscores and "
                    + "hyphens"
            )
        }
        description = text
    }

    /// The `transactional.id` of the load, and the name of the group that has its position.
    var transactionalID: String { Self.prefix + description }
}
