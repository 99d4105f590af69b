// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Where records come from and how they stand in the input.
struct InputOptions: ParsableArguments {
    @OptionGroup
    var lines: LineOptions

    @OptionGroup(title: "Other formats")
    var formats: FormatOptions

    /// The format that these options describe, and what was given without effect.
    func format(
        _ names: TypedNames,
        hasTopic: Bool
    ) throws(UsageError) -> (format: RecordFormat, warnings: [String]) {
        let (format, warnings) = try lines.format(names)
        var given = GivenOptions(
            headers: try lines.fixedHeaders(names),
            nullMarker: format.nullMarker,
            hasTopic: hasTopic
        )
        given.key = try lines.fixedKey(names)
        given.delimiterOption = lines.delimiter.map { _ in names.name(of: "-D") }
        given.lineOption = lineOption(names)
        return (try formats.format(format, given) ?? .delimited(format), warnings)
    }

    /// An option that parts lines into key, headers and value, or finds null in them.
    private func lineOption(_ names: TypedNames) -> String? {
        if lines.keySeparator != nil { return names.name(of: "-K") }
        if !lines.readerProperties.isEmpty { return names.name(of: "--reader-property") }
        return lines.nullMarker == nil || formats.takesNullMarker ? nil : "--null-marker"
    }

    /// Whether key and headers are made of each file's name.
    var areOfFiles: Bool { formats.input == .files }
}
