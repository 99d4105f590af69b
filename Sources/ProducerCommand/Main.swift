// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Platform

/// The process: parses the arguments, runs the command, and leaves with its exit status.
@main
enum Main {
    static func main() async {
        StandardStreams.prepare()
        if let position = firstMangledArgument() {
            let console = Console(verbosity: .normal)
            console.error(
                "argument \(position) is not UTF-8: write such bytes as \\xNN in -k, -K, -H and -D, name such files by a "
                    + "link or <"
            )
            exit(ExitStatus.usage.code)
        }
        exit(await run(Array(CommandLine.arguments.dropFirst())))
    }

    /// The position of the first argument that is not UTF-8, whose bytes would be changed on their way through a string.
    private static func firstMangledArgument() -> Int? {
        (1..<max(1, Int(CommandLine.argc))).first { position in
            guard let argument = unsafe CommandLine.unsafeArgv[position] else { return false }
            return unsafe String(validatingCString: argument) == nil
        }
    }

    /// Runs the command that `arguments` name, and returns the exit status.
    static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try parse(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                let needs = ProcessNeeds(of: command, cores: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
                if let objection = ProcessSupply.objection(to: needs) {
                    Console(verbosity: .normal).error(objection)
                    return ExitStatus.usage.code
                }
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return ExitStatus.delivered.code
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            return explain(error, of: arguments)
        }
    }

    /// The command that `arguments` name, with its options.
    static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        let line = try ToolLine(arguments, calledAs: CommandLine.arguments.first ?? "")
        for warning in line.warnings { Console(verbosity: .normal).warning(warning) }
        let typed = try TypedArguments(line.arguments)
        let command =
            try subcommand(typed.arguments) ?? KafkaProducerCommand.parseAsRoot(withHelpOfSend(typed.arguments))
        guard var naming = command as? any NamingCommand else { return command }
        naming.names = typed.names
        return naming
    }

    /// The subcommand that `arguments` mean, read by itself; nil when they are not right for it.
    ///
    /// From the root the parser looks at all options of a subcommand several times over, before any record is read. The root
    /// has to be asked for what only it knows: help, the version, and what is wrong.
    private static func subcommand(_ arguments: [String]) -> (any ParsableCommand)? {
        guard arguments.first != "help" else { return nil }
        let named = named(by: arguments)
        let rest = named == nil ? arguments : Array(arguments.dropFirst())
        guard let named, named != SendCommand.self else {
            return read(rest, by: PlainSendCommand.self) ?? read(rest, by: SendCommand.self)
        }
        return read(rest, by: named)
    }

    /// The subcommand whose name comes first; nil when none does.
    private static func named(by arguments: [String]) -> (any ParsableCommand.Type)? {
        KafkaProducerCommand.subcommands.first { $0._commandName == arguments.first }
    }

    /// The subcommand that a line is meant for, whether or not its arguments are right.
    static func meant(by arguments: [String]) -> any ParsableCommand.Type { named(by: arguments) ?? SendCommand.self }

    /// The command, if the arguments are right for it.
    private static func read(_ arguments: [String], by type: any ParsableCommand.Type) -> (any ParsableCommand)? {
        let command = try? type.parseAsRoot(arguments)
        // Help that was asked for comes as a command of the parser's own.
        return command.flatMap { Swift.type(of: $0) == type ? $0 : nil }
    }

    /// Help for no subcommand in particular is help for the one that is meant without a name.
    private static func withHelpOfSend(_ arguments: [String]) -> [String] {
        guard let first = arguments.first, first == "--help" || first == "-h" else { return arguments }
        let command = named(by: Array(arguments.dropFirst()))
        return command.map { [$0._commandName, first] } ?? ["send"] + arguments
    }

    /// Prints what was asked for (help, version) or what is wrong with the arguments; returns the exit status.
    private static func explain(_ error: any Error, of arguments: [String]) -> Int32 {
        guard KafkaProducerCommand.exitCode(for: error).isSuccess else {
            let console = Console(verbosity: .normal)
            let command = meant(by: arguments)
            console.error(
                (error as? UsageError)?.description
                    ?? UnknownOption.explained(KafkaProducerCommand.message(for: error), for: command)
            )
            console.notice(HelpText.hint(for: command))
            return ExitStatus.usage.code
        }
        var message = KafkaProducerCommand.fullMessage(for: error)
        if message.hasPrefix("OVERVIEW: " + SendCommand.configuration.abstract) { message += "\n" + HelpText.send }
        let output = StandardOutput(console: Console(verbosity: .normal))
        output.write(message + "\n")
        return (output.isIncomplete ? ExitStatus.outputIncomplete : .delivered).code
    }
}
