// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Single settings of whichever cluster is talked to.
struct SettingsOptions: ParsableArguments {
    @Option(
        name: [
            .customShort("X"), .customLong("command-property"), .customLong("producer-property"),
        ],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("One setting; it comes before the file's. Repeatable.", valueName: "key=value")
    )
    var properties: [String] = []
}
