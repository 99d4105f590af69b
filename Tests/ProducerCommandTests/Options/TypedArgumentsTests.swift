// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import KafkaProducer
import Testing

@testable import ProducerCommand

/// What is done about arguments before the parser sees them.
@Suite("Arguments as they are typed")
struct TypedArgumentsTests {
    private static func refusal(_ arguments: [String]) -> String? {
        do throws(UsageError) {
            _ = try TypedArguments(arguments)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "a long option behind one dash is no short option with a value",
        arguments: [
            (["-topic", "f"], "-topic: did you mean --topic?"), (["-topic=t"], "-topic: did you mean --topic?"),
            (["-bootstrap-server", "a:1"], "-bootstrap-server: did you mean --bootstrap-server?"),
            (["-compression-codec", "lz4"], "-compression-codec: did you mean --compression-codec?"),
            (["-partition", "1"], "-partition: did you mean --partition?"),
            (["-key", "k"], "-key: did you mean --key?"),
            (["-version"], "-version: did you mean --version?"), (["-sync"], "-sync: did you mean --sync?"),
            (["perf", "-throughput", "5"], "-throughput: did you mean --throughput?"),
        ] as [([String], String)]
    )
    func oneDash(arguments: [String], message: String) {
        #expect(Self.refusal(arguments) == message)
    }

    @Test(
        "a negative number is the value of the option before it",
        arguments: [
            (["--acks", "-1"], ["--acks=-1"]), (["--request-required-acks", "-1"], ["--request-required-acks=-1"]),
            (["--linger", "-0.5"], ["--linger=-0.5"]), (["-t", "-1"], ["--topic=-1"]), (["-k-1"], ["--key=-1"]),
            (["--acks", "-x"], ["--acks", "-x"]), (["-1"], ["-1"]), (["--acks=-1"], ["--acks=-1"]),
        ]
    )
    func negative(arguments: [String], expected: [String]) throws {
        #expect(try TypedArguments(arguments).arguments == expected)
    }

    @Test("what is a flag with one command takes a value with another")
    func flagOfOneCommand() throws {
        let doctor = try TypedArguments(["doctor", "--json", "-tlogs"])
        #expect(doctor.arguments == ["doctor", "--json", "-t", "logs"])
        #expect(try TypedArguments(["perf", "--json", "-tlogs"]).arguments == ["perf", "--json", "-tlogs"])
    }

    @Test(
        "two values for an option that has one are refused, whatever names it was given by",
        arguments: [
            (["-t", "a", "--topic=b"], "-t \"a\" and --topic \"b\" set the same: leave one of them out"),
            (["-ca", "-cb"], "-c is given as \"a\" and as \"b\": leave one of them out"),
            (
                ["--linger", "1", "--timeout", "2"],
                "--linger \"1\" and --timeout \"2\" set the same: leave one of them out"
            ),
            (
                ["-b", "a:1", "-b", "b:2"],
                "-b is given as \"a:1\" and as \"b:2\": write all brokers with commas between "
                    + "them: -b a:1,b:2"
            ),
            (
                ["--on-error", "abort", "--on-error", "continue"],
                "--on-error is given as \"abort\" and as \"continue\": leave "
                    + "one of them out"
            ),
        ] as [([String], String)]
    )
    func twice(arguments: [String], message: String) {
        #expect(Self.refusal(arguments) == message)
    }

    @Test(
        "what may be repeated is, and the same value twice is no matter",
        arguments: [
            ["-X", "a=1", "-X", "a=2"], ["-H", "a", "--header", "b"], ["-t", "a", "-t", "a"], ["-q", "-q"],
            ["broker", "--topic", "a", "--topic", "b"], ["--property", "a=1", "--reader-property", "b=1"],
            ["perf", "--compare", "a", "b"], ["-t", "a", "--", "-t", "b"],
        ]
    )
    func repeatable(arguments: [String]) {
        #expect(Self.refusal(arguments) == nil)
    }

    @Test("= may join a value to a short option, unless the value might begin with it")
    func equals() throws {
        #expect(
            try TypedArguments(["-t=a", "-b=h:1", "-X=acks=1"]).arguments == ["-t", "a", "-b", "h:1", "-X", "acks=1"]
        )
        #expect(try TypedArguments(["-K="]).arguments == ["-K", "="])
        #expect(Self.refusal(["-k=a"]) == "-k=a: write -k 'a', or -k '=a' if the = belongs to it")
    }

    @Test("flags may stand before a short option with its value")
    func bundled() throws {
        #expect(
            try TypedArguments(["-qt", "a", "-vqk-1", "-qv"]).arguments == [
                "-q", "-t", "a", "-v", "-q", "--key=-1", "-qv",
            ]
        )
        #expect(Self.refusal(["-qt", "a", "-t", "b"])?.hasPrefix("-t is given as") == true)
    }

    @Test(
        "options of other tools, and those that one would guess, are told what to write instead",
        arguments: ["-P", "-C", "-F", "-l", "-Z", "-T", "-e", "--config", "--brokers", "--codec"]
    )
    func foreign(option: String) {
        #expect(Self.refusal([option])?.hasPrefix("\(option) is none of the options: ") == true)
    }

    @Test(
        "a setting's origin is the option as it was typed",
        arguments: [
            (["-b", "h:1"], ["-b"]), (["--broker-list=h:1"], ["--broker-list"]),
            (["--bootstrap-server", "h:1"], ["--bootstrap-server"]),
            (
                ["-Xacks=1", "--producer-property", "acks=1", "--command-property=a=1"],
                [
                    "-X", "--producer-property", "--command-property",
                ]
            ),
            (["--request-required-acks", "1"], ["--request-required-acks"]), (["--timeout", "1"], ["--timeout"]),
            (["--compression-codec", "lz4"], ["--compression-codec"]), (["-zlz4"], ["-z"]),
        ] as [([String], [String])]
    )
    func origins(arguments: [String], expected: [String]) throws {
        let send = try #require(try Main.parse(["-t", "t"] + arguments) as? any SendingCommand)
        #expect(try send.plan().settings.sources.map(\.name) == expected)
    }

    @Test("the settings of a perf run have the names of the options that they follow")
    func perfOrigins() throws {
        let arguments = [
            "perf", "-t", "t", "--num-records", "1", "--record-size", "1", "--producer-props", "a=1", "b=2",
        ]
        let perf = try #require(try Main.parse(arguments + ["-X", "c=3", "--broker-list", "h:1"]) as? PerfCommand)
        let names = try perf.plan().settings.sources.map(\.name)
        #expect(names == ["--producer-props", "--producer-props", "-X", "--broker-list"])
    }

    @Test("the list of options is that of the parser, with nothing missing and nothing left over, for every command")
    func parser() throws {
        let dump = try JSONDecoder().decode(ToolDump.self, from: Data(KafkaProducerCommand._dumpHelp().utf8))
        var (flags, shortFlags, known): (Set<String>, Set<String>, Set<String>) = ([], [], [])
        var letters: Set<Character> = []
        for command in dump.command.subcommands ?? [] where command.commandName != "help" {
            for argument in command.arguments ?? [] where argument.kind != "positional" {
                let names = argument.names?.map(\.text) ?? []
                known.formUnion(names)
                guard argument.kind == "option" else {
                    for name in names where name.hasPrefix("--") {
                        #expect(OptionNames.isFlag(name, in: command.commandName), "\(name) of \(command.commandName)")
                        flags.insert(name)
                    }
                    shortFlags.formUnion(names.filter { !$0.hasPrefix("--") })
                    continue
                }
                let first = OptionNames.first(of: try #require(names.first))
                #expect(Set(names.map(OptionNames.first)) == [first], "\(names) are one option")
                let occurrence = OptionNames.occurrence(of: first, in: command.commandName)
                #expect((occurrence != .single) == argument.isRepeating, "\(names) of \(command.commandName)")
                for name in names {
                    #expect(!OptionNames.isFlag(name, in: command.commandName), "\(name) of \(command.commandName)")
                    if name.hasPrefix("--") {
                        let letter = try #require(name.dropFirst(2).first)
                        #expect(OptionNames.isLong(name) || !OptionNames.shortWithValue.contains(letter), "\(name)")
                    } else if let letter = name.last {
                        letters.insert(letter)
                    }
                }
            }
        }
        // Each of them is one with some command, and those that are one with every command are listed as such.
        #expect(Set(OptionNames.flags).isSubset(of: flags))
        #expect(letters == Set(OptionNames.shortWithValue))
        // Help ends the command at once, so that nothing stands behind it.
        #expect(shortFlags.subtracting(["-h"]) == Set(OptionNames.shortFlags))
        let listed = Set(OptionNames.confusable).union(OptionNames.synonyms.joined())
        #expect(listed.subtracting(known) == [])
    }
}

/// What the parser tells of its options.
private struct ToolDump: Decodable {
    struct Command: Decodable {
        var commandName: String
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        var kind: String
        var isRepeating: Bool
        var names: [Name]?
    }

    var command: Command
}
