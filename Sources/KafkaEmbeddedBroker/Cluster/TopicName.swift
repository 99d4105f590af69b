// SPDX-License-Identifier: Apache-2.0

/// Kafka's rule for the names of topics: 1 to 249 of the characters a-z, A-Z, 0-9, `.`, `_` and `-`, and neither `.` nor
/// `..`, since a name is also the name of a folder.
enum TopicName {
    private static let maximumLength = 249

    /// What is wrong with `name`, or nil when a topic may be called so.
    static func objection(to name: String) -> String? {
        if name.isEmpty { return "the empty string is not allowed" }
        if name == "." || name == ".." { return "'.' and '..' are not allowed" }
        let length = name.utf8.count
        if length > maximumLength { return "it has \(length) characters and \(maximumLength) is the most" }
        if !name.utf8.allSatisfy(isAllowed) { return "it has characters other than a-z, A-Z, 0-9, '.', '_' and '-'" }
        return nil
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
