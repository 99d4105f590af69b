// SPDX-License-Identifier: Apache-2.0

/// A file with profiles, as AWS's programs read it:
///
///     [profile orders]
///     role_arn = arn:aws:iam::123456789012:role/orders
///     source_profile = default
///
/// Lines that begin with `#` or `;` are comments, and so is what follows one of them behind a blank. A line that begins
/// with a blank belongs to the value above it; such values have no meaning here.
struct AWSProfileFile: Equatable {
    /// Why a file cannot be read: the line at fault, counted from 1. Its text is not shown: it may be a secret.
    struct Fault: Error, Equatable {
        let line: Int
        let reason: String
    }

    /// What the names of sections are in the two files.
    enum Kind {
        /// `~/.aws/config`: `[default]`, `[profile NAME]`.
        case config
        /// `~/.aws/credentials`: `[NAME]`.
        case credentials
    }

    /// The profiles by their names.
    private(set) var profiles: [String: AWSProfile] = [:]

    /// No profiles.
    init() {}

    /// Reads the text of a file.
    init(_ bytes: [UInt8], kind: Kind) throws(Fault) {
        var section: String?
        var isInSection = false
        var isBehindValue = false
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = Self.content(line)
            guard let first = text.utf8.first else { continue }
            let isIndented = line.first == 0x20 || line.first == 0x09
            if first == UInt8(ascii: "["), !isIndented {
                section = try Self.section(text, kind, line: index + 1)
                (isInSection, isBehindValue) = (true, false)
                if let section, profiles[section] == nil { profiles[section] = AWSProfile() }
                continue
            }
            // A value of several lines, such as those of `s3 =`.
            if isIndented, isBehindValue { continue }
            guard isInSection else { throw Fault(line: index + 1, reason: "a line in front of the first [section]") }
            guard let equals = text.firstIndex(of: "=") else {
                throw Fault(line: index + 1, reason: "a line without =")
            }
            let name = String(text[..<equals]).trimmingBlanks.lowercased()
            guard !name.isEmpty else { throw Fault(line: index + 1, reason: "a value without a name") }
            let value = String(text[text.index(after: equals)...]).trimmingBlanks
            if let section { profiles[section]?.values[name] = Secret(value) }
            isBehindValue = true
        }
    }

    /// A line without its comment and the blanks around it.
    private static func content(_ line: ArraySlice<UInt8>) -> String {
        let text = String(decoding: line, as: UTF8.self).trimmingBlanks
        if text.hasPrefix("#") || text.hasPrefix(";") { return "" }
        let bytes = Array(text.utf8)
        let comment = bytes.indices.dropFirst().first { index in
            (bytes[index] == UInt8(ascii: "#") || bytes[index] == UInt8(ascii: ";"))
                && (bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09)
        }
        guard let comment else { return text }
        return String(decoding: bytes[..<comment], as: UTF8.self).trimmingBlanks
    }

    /// The profile whose section begins; nil for a section that is of something else.
    private static func section(_ text: String, _ kind: Kind, line: Int) throws(Fault) -> String? {
        guard let end = text.lastIndex(of: "]") else { throw Fault(line: line, reason: "a [section] without its ]") }
        var name = String(text[text.index(after: text.startIndex)..<end]).trimmingBlanks
        if kind == .config, name != "default" {
            guard name.hasPrefix("profile "), name != "profile " else { return nil }
            name = String(name.dropFirst("profile ".count)).trimmingBlanks
        }
        if name.count > 1, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
        return name.isEmpty ? nil : name
    }
}

/// A profile: values by their names, which are in lower case. Its description shows none.
struct AWSProfile: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    fileprivate(set) var values: [String: Secret] = [:]

    /// A value that is there and not empty.
    subscript(name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value.text
    }

    /// The values of both; of those with the same name the other's.
    func merging(_ other: AWSProfile) -> AWSProfile {
        var result = self
        result.values.merge(other.values) { _, other in other }
        return result
    }

    /// Kafka's word for a value that is not shown.
    var description: String { "[hidden]" }
    /// What `dump` shows: nothing.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
