// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `send` with the options that most lines have.
///
/// The parser looks at each option of a command several times over, given or not, before a record is read. A line that has
/// none but these is read by this command, and each other line by `SendCommand`, which has the same options and more. Help,
/// completions and manual pages are of that one.
struct PlainSendCommand: SendingCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        // With a command above it the parser does not look for requests of completions, which the root has.
        _superCommandName: "kafka-producer"
    )

    @OptionGroup
    var target: TargetOptions

    @OptionGroup
    var lines: LineOptions

    @OptionGroup
    var connection: ConnectionOptions

    @OptionGroup
    var settings: SettingsOptions

    @OptionGroup
    var output: OutputOptions

    @OptionGroup
    var verbosity: VerbosityOptions

    var names = TypedNames()

    func plan() throws(UsageError) -> SendPlan {
        let topic = try target.topicName(lines.files)
        try target.check(lines.files, connection, names)
        let (format, warnings) = try lines.format(names)
        let plain = PlainSend(target: target, lines: lines, connection: connection, output: output, names: names)
        var plan = try plain.plan(topic, .delimited(format), settings.properties)
        plan.warnings = warnings
        return plan
    }
}
