// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The options of `broker` for TLS, logins and permissions, as a user types them.
@Suite("Options of a secured broker", .timeLimit(.minutes(10)))
struct BrokerSecurityOptionTests {
    private static func broker(_ arguments: [String]) async throws -> FinishedProcess {
        try await ChildProcess.run(
            TestTools.kafkaProducer(),
            ["broker", "--port", "0"] + arguments,
            input: .nothing
        )
    }

    @Test(
        "what does not fit together ends with status 2 and says what",
        arguments: [
            (["--tls-cert", "a.pem"], "--tls-cert needs --tls-key"),
            (["--tls-key", "a.key"], "--tls-key needs --tls-cert"),
            (["--client-ca", "ca.pem"], "--client-ca needs --tls-cert and --tls-key"),
            (["--tls-cert", "a", "--tls-key", "b", "--client-auth", "required"], "--client-auth needs --client-ca"),
            (
                ["--tls-cert", "a", "--tls-key", "b", "--client-ca", "c", "--client-auth", "maybe"],
                "--client-auth takes required or requested"
            ),
            (["--tls-cert", "/nonexistent.pem", "--tls-key", "b"], "/nonexistent.pem"),
            (["--sasl", "GSSAPI"], "--sasl takes PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER"),
            (["--sasl", "PLAIN"], "need a user"), (["--user", "a:b"], "need --sasl"),
            (["--sasl", "PLAIN", "--users", "/nonexistent.txt"], "cannot read --users /nonexistent.txt"),
            (["--reauth-ms", "1000"], "no login has a lifetime"),
            (["--sasl", "OAUTHBEARER", "--reauth-ms", "0"], "lifetime of a login"),
            (["--allow", "alice Write Topic:t"], "--allow: the permission \"alice Write Topic:t\" cannot be read"),
            (["--dev-security", "/tmp/x", "--sasl", "PLAIN"], "--dev-security and --sasl exclude each other"),
        ]
    )
    func refused(arguments: [String], words: String) async throws {
        let finished = try await Self.broker(arguments)
        #expect(finished.status == 2)
        #expect(finished.errorText.contains(words), "\(finished)")
        #expect(finished.outputText.isEmpty)
    }

    @Test("a user without a password is refused, and what was typed is not repeated")
    func hidden() async throws {
        let finished = try await Self.broker(["--sasl", "PLAIN", "--user", "s3cr3t"])
        #expect(finished.status == 2)
        #expect(finished.errorText.contains("--user takes NAME:PASSWORD"))
        #expect(!finished.errorText.contains("s3cr3t"))
    }

    @Test("a password on the command line gets one warning, one in a file none, and the log shows neither")
    func warning() async throws {
        let folder = try TemporaryDirectory()
        let users = try folder.write("# comment\nbob:s3cr3t:with colon\n\n", to: "users.txt")
        let typed = try await EmbeddedBrokerProcess(["-v", "--sasl", "PLAIN", "--user", "alice:s3cr3t"])
        let said = try await typed.stop()
        #expect(said.errorLines.filter { $0.contains("a password on the command line can be seen") }.count == 1)
        #expect(!said.errorText.contains("s3cr3t"))
        let stored = try await EmbeddedBrokerProcess(["-v", "--sasl", "PLAIN", "--users", users])
        let silent = try await stored.stop()
        #expect(!silent.errorText.contains("can be seen") && !silent.errorText.contains("s3cr3t"))
    }

    @Test("--dev-security makes a folder once, keeps secrets from others, and uses it again")
    func development() async throws {
        let folder = try TemporaryDirectory()
        let directory = folder.path + "/secure"
        let first = try await EmbeddedBrokerProcess(["--dev-security", directory])
        #expect(first.bootstrap.hasPrefix("localhost:"))
        let output = try await first.stop().outputText
        #expect(output.contains("kafka-producer -c \(directory)/client.properties -t demo"))
        let read = { (name: String) in try String(contentsOfFile: directory + "/" + name, encoding: .utf8) }
        let kept = ["ca.pem", "ca.key", "server.pem", "server.key", "client.pem", "client.key", "users.txt"]
        let before = try kept.map(read)
        for name in ["ca.key", "server.key", "client.key", "users.txt", "client.properties"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        let second = try await EmbeddedBrokerProcess(["--dev-security", directory])
        try await second.stop()
        #expect(try kept.map(read) == before)
        #expect(try read("client.properties").contains("bootstrap.servers=\(second.bootstrap)\n"))
        // Another host needs another certificate, and nothing else.
        let third = try await EmbeddedBrokerProcess(["--dev-security", directory, "--advertise", "broker.example"])
        try await third.stop()
        let changed = try zip(kept, zip(before, kept.map(read))).filter { $0.1.0 != $0.1.1 }.map(\.0)
        #expect(changed == ["server.pem", "server.key"])
    }

    @Test("the settings file of --dev-security is all that this program needs", .needsPeers)
    func roundTrip() async throws {
        let folder = try TemporaryDirectory()
        let broker = try await EmbeddedBrokerProcess(["--dev-security", folder.path, "--plaintext-port", "0"])
        let arguments = ["-c", folder.path + "/client.properties", "-t", "demo"]
        let finished = try await ChildProcess.run(
            TestTools.kafkaProducer(),
            arguments,
            input: .bytes(Array("hello\n".utf8))
        )
        #expect(finished.status == 0, "\(finished)")
        try await broker.stop()
    }
}
