// SPDX-License-Identifier: Apache-2.0

/// The properties of kafka-console-producer's line reader, given by `--reader-property` or the old `--property`.
struct ReaderProperties: Equatable, Sendable {
    private var parsesKey = false
    private var keySeparator = BytePattern.tab
    private var parsesHeaders = false
    private var headers = HeaderLayout()
    private var nullMarker: [UInt8]?
    private var ignoresErrors = false
    private var isKeySeparatorSet = false
    private var isHeaderLayoutSet = false

    /// What was given and has no effect, in words.
    var warnings: [String] {
        var warnings: [String] = []
        if isKeySeparatorSet, !parsesKey { warnings.append("key.separator has no effect without parse.key=true") }
        if isHeaderLayoutSet, !parsesHeaders {
            warnings.append("headers.delimiter and the like have no effect without parse.headers=true")
        }
        return warnings
    }

    /// Reads `key=value` arguments; of two with one key the later wins. A key that is not honoured is an error.
    init(_ arguments: [String], _ names: TypedNames = TypedNames()) throws(UsageError) {
        for (index, argument) in arguments.enumerated() {
            let option = names.name(of: "--reader-property", at: index)
            let property = try KeyValueArgument(argument, of: option)
            switch property.key {
            case "parse.key": parsesKey = Self.isTrue(property)
            case "key.separator":
                keySeparator = try Self.pattern(property, of: option)
                isKeySeparatorSet = true
            case "parse.headers": parsesHeaders = Self.isTrue(property)
            case "headers.delimiter": try setHeaders(\.delimiter, property, of: option)
            case "headers.separator":
                try RegularExpression.check(property.value, of: "\(option) headers.separator")
                try setHeaders(\.separator, property, of: option)
            case "headers.key.separator": try setHeaders(\.keySeparator, property, of: option)
            case "null.marker": nullMarker = Array(property.value.utf8)
            case "ignore.error": ignoresErrors = Self.isTrue(property)
            default: throw UsageError(Self.unknown(property.key, of: option))
            }
        }
    }

    /// Writes what was given into a format.
    func apply(to format: inout DelimitedFormat) {
        if parsesKey { format.keySeparator = keySeparator }
        if parsesHeaders { format.headers = headers }
        if let nullMarker { format.nullMarker = nullMarker }
        format.acceptsMissingSeparators = ignoresErrors
    }

    private mutating func setHeaders(
        _ part: WritableKeyPath<HeaderLayout, BytePattern>,
        _ property: KeyValueArgument,
        of option: String
    ) throws(UsageError) {
        headers[keyPath: part] = try Self.pattern(property, of: option)
        isHeaderLayoutSet = true
    }

    /// As Java reads a boolean here: `true` in any case, blanks around it, and everything else is false.
    private static func isTrue(_ property: KeyValueArgument) -> Bool {
        property.value.filter { $0 != " " }.lowercased() == "true"
    }

    private static func pattern(_ property: KeyValueArgument, of option: String) throws(UsageError) -> BytePattern {
        do throws(EscapedText.InvalidEscape) {
            let bytes = try EscapedText.bytes(property.value, isLenient: true)
            guard let pattern = BytePattern(bytes) else { throw .init(description: "no characters") }
            return pattern
        } catch {
            throw UsageError("\(option) \(property.key) has \(error)")
        }
    }

    private static func unknown(_ key: String, of option: String) -> String {
        "\(option) \(key) is not supported; there are parse.key, key.separator, parse.headers, "
            + "headers.delimiter, headers.separator, headers.key.separator, null.marker and ignore.error"
    }
}
