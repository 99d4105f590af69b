// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

@testable import ProducerCommand

/// `--user` and `--password-file`.
@Suite("A user and a password file")
struct CredentialsTests {
    /// Files that a test makes up.
    private final class Files: ConfigurationEnvironment {
        let files: [String: String]

        init(_ files: [String: String]) {
            self.files = files
        }

        func variable(named name: String) -> String? { nil }

        func contents(ofFile path: String) throws(FileAccessError) -> [UInt8] {
            guard let text = files[path] else { throw FileAccessError(reason: "No such file or directory") }
            return Array(text.utf8)
        }

        func kind(ofPath path: String) -> PathKind? { files[path] == nil ? nil : .file }
    }

    private static func plan(_ arguments: [String]) throws -> SettingsPlan {
        let command = try Main.parse(["-t", "t", "-b", "h:1"] + arguments)
        return try #require(command as? any SendingCommand).plan().settings
    }

    private static func configuration(
        _ arguments: [String],
        _ files: [String: String]
    ) throws -> ProducerConfiguration {
        let sources = try plan(["--user", "alice", "--password-file", "p"] + arguments).load(Files(files)).sources
        return try ProducerConfiguration(merging: sources)
    }

    @Test("alone they mean an encrypted connection and a login that does not send the password")
    func alone() throws {
        let configuration = try Self.configuration([], ["p": "hush\n"])
        #expect(configuration.securityProtocol == .saslSSL)
        #expect(configuration.sasl == .scramSHA512(username: "alice", password: "hush"))
        #expect(configuration.origin(of: "sasl.jaas.config")?.description == "--user")
        #expect(configuration.notices.isEmpty)
    }

    @Test("what a file or an option says of protocol and mechanism holds")
    func beside() throws {
        let file = ["p": "hush", "c": "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=x"]
        let configuration = try Self.configuration(["-c", "c"], file)
        #expect(configuration.securityProtocol == .saslPlaintext && configuration.sasl.mechanism == "PLAIN")
        #expect(
            configuration.sasl.jaasConfig
                == SASLConfiguration.scramSHA512(username: "alice", password: "hush").jaasConfig
        )
        #expect(try Self.configuration(["-X", "sasl.mechanism=SCRAM-SHA-256"], file).sasl.mechanism == "SCRAM-SHA-256")
    }

    @Test(
        "the password is the one line of the file, as it is",
        arguments: [
            ("a", "a"), ("a\n", "a"), ("a\r\n", "a"), (" a b ", " a b "), ("ä\"\\", "ä\"\\"), ("${env:X}", "${env:X}"),
        ]
    )
    func line(content: String, password: String) throws {
        let sasl = try Self.configuration([], ["p": content]).sasl
        #expect(
            sasl.jaasConfig == SASLConfiguration.scramSHA512(username: "alice", password: Password(password)).jaasConfig
        )
    }

    @Test(
        "a file without a password is refused, without showing what is in it",
        arguments: [
            ("", "--password-file p: there is no password in it"),
            ("\n", "--password-file p: there is no password in it"),
            ("hush\nhush", "--password-file p: it has several lines; a password is one"),
            (nil, "--password-file p: No such file or directory"),
        ] as [(String?, String)]
    )
    func noPassword(content: String?, expected: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration([], content.map { ["p": $0] } ?? [:])
        }
        #expect(error?.description == expected)
    }

    @Test("a file is read once, since it may be a pipe")
    func once() throws {
        let file = PasswordFile(path: "p")
        #expect(try file.password(Files(["p": "a"])) == "a")
        #expect(try file.password(Files(["p": "b"])) == "a")
    }

    @Test(
        "one option without the other is refused",
        arguments: [
            (["--user", "a"], "--user needs --password-file FILE"),
            (["--password-file", "p"], "--password-file needs --user NAME"),
            (["--user", "", "--password-file", "p"], "--user takes the name of a user"),
            (["--user", "a", "--password-file", ""], "--password-file takes the name of a file"),
        ]
    )
    func incomplete(arguments: [String], expected: String) {
        let error = #expect(throws: UsageError.self) { try Self.plan(arguments) }
        #expect(error?.description == expected)
    }

    @Test("where connections have no login they are refused, and not ignored", arguments: ["SSL", "PLAINTEXT"])
    func withoutLogin(security: String) throws {
        let credentials = try #require(try Credentials(user: "a", file: "p"))
        let source = PropertySource(name: "-X", key: "security.protocol", value: security)
        let server = PropertySource(name: "-b", key: "bootstrap.servers", value: "h:1")
        let configuration = try ProducerConfiguration(merging: [server, source])
        let error = #expect(throws: ConfigurationError.self) { try credentials.check(configuration) }
        let wanted = security == "SSL" ? "SASL_SSL" : "SASL_PLAINTEXT"
        #expect(
            error?.description
                == "-X: security.protocol is \(security), and --user is for a login: set security.protocol=\(wanted), or leave "
                + "--user out"
        )
    }

    @Test(
        "every command that connects has them",
        arguments: [["send", "-t", "t"], ["resend", "f"], ["perf", "-t", "t"]]
    )
    func commands(arguments: [String]) throws {
        let load = arguments[0] == "perf" ? ["--num-records", "1", "--record-size", "1"] : []
        _ = try Main.parse(arguments + load + ["-b", "h:1", "--user", "a", "--password-file", "p"])
    }

    @Test("another password does not make a checkpoint that of another load")
    func checkpoint() throws {
        let plans = try [[], ["--user", "a", "--password-file", "p"], ["-X", "ssl.key.password=x"]].map { arguments in
            let command = try Main.parse(["-t", "t", "-b", "h:1", "--checkpoint", "c", "f"] + arguments)
            return CheckpointPlan(path: "c", plan: try #require(command as? any SendingCommand).plan()).options
        }
        #expect(Set(plans).count == 1)
    }
}
