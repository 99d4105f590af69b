// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Which cluster is talked to, with which settings.
struct SettingsOptions: ParsableArguments {
    @OptionGroup
    var connection: ConnectionOptions

    @Option(
        name: [
            .customShort("X"), .customLong("command-property"), .customLong("producer-property"),
        ],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("One setting; it comes before the file's. Repeatable.", valueName: "key=value")
    )
    var properties: [String] = []
}
