// SPDX-License-Identifier: Apache-2.0

/// Finds files that are no settings file by their first bytes, before they are read as one.
enum SettingsFileForm {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The bytes without a byte order mark of UTF-8, which editors put there.
    static func withoutMark(_ bytes: [UInt8]) -> [UInt8] {
        bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(byteOrderMark.count)) : bytes
    }

    /// What a file is instead of lines `name=value`, and where that shows; nil when it may be a settings file.
    static func objection(to bytes: [UInt8]) -> (message: String, line: Int)? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return (utf16, 1) }
        if let zero = bytes.firstIndex(of: 0) {
            return (isUTF16(bytes) ? utf16 : binary, line(of: zero, in: bytes))
        }
        if let control = bytes.firstIndex(where: {
            $0 < 0x20 && !(0x08...0x0D).contains($0) && $0 != 0x1A && $0 != 0x1B
        }) {
            return (binary, line(of: control, in: bytes))
        }
        guard let start = bytes.firstIndex(where: { $0 > 0x20 }) else { return nil }
        let form: String
        switch bytes[start] {
        case UInt8(ascii: "{"): form = "JSON"
        case UInt8(ascii: "<"): form = "XML"
        case UInt8(ascii: "["): form = "JSON, or has sections"
        default: return nil
        }
        return ("the file is \(form); \(expected)", line(of: start, in: bytes))
    }

    /// Whether every other byte at the beginning is zero and no further one is: Latin letters in UTF-16.
    private static func isUTF16(_ bytes: [UInt8]) -> Bool {
        let beginning = Array(bytes.prefix(64))
        return [0, 1].contains { parity in
            beginning.indices.allSatisfy { (beginning[$0] == 0) == ($0 % 2 == parity) }
        }
    }

    /// So many lines without a known setting are warnings; more of them are a file that was given by mistake.
    static let fewEntries = 20

    /// What is wrong with a file whose lines all are unknown.
    static func noSettings(among count: Int) -> String {
        "none of the \(count) lines of the file is a setting of Kafka's producer; \(expected)"
    }

    private static let expected = "a settings file has lines NAME=VALUE, as the Java producer's"
    private static let utf16 = "the file is in UTF-16: save it as UTF-8; \(expected)"
    private static let binary = "the file is no text; \(expected)"

    private static func line(of index: Int, in bytes: [UInt8]) -> Int {
        bytes[..<index].count { $0 == 0x0A } + 1
    }
}
