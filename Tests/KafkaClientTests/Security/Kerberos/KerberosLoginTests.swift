// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import KafkaClient

/// Logins by Kerberos with a real KDC and with a broker's side that is not ours. Each test is a process of its own, since
/// the library takes the realm from the environment.
@Suite("Kerberos logins", .needsKerberos)
struct KerberosLoginTests {
    @Test("a keytab logs in, again and again, and the broker sees the principal and no layer")
    func keytab() async {
        await #expect(processExitsWith: .success) {
            await KerberosRealm.with { realm in
                let login = try realm.keytabLogin()
                #expect(login.user == "alice")
                try await login.prepare()
                #expect(login.user == "alice@TEST.EXAMPLE")
                for _ in 0..<3 { #expect(try await realm.logIn(login) == "alice@TEST.EXAMPLE 01000000") }
                // The tickets are in memory: nothing is left in the usual place.
                #expect(!FileManager.default.fileExists(atPath: realm.path("default-cache")))
                login.close()
            }
        }
    }

    @Test("a ticket cache logs in, the named one and the usual one, and another ticket in it is used")
    func cache() async {
        await #expect(processExitsWith: .success) {
            await KerberosRealm.with { realm in
                for (file, options) in [
                    ("my cache", ["ticketCache": realm.path("my cache")]), ("default-cache", [:]),
                ] {
                    let login = try KerberosLogin(
                        options: KerberosRealm.options(options.merging(["useTicketCache": "true"]) { $1 }),
                        serviceName: "kafka"
                    )
                    #expect(login.user == nil)
                    await #expect(throws: LoginError.self) { try await login.prepare() }
                    _ = try realm.ask("kinit \(realm.path(file))")
                    try await login.prepare()
                    #expect(login.user == "alice@TEST.EXAMPLE")
                    #expect(try await realm.logIn(login) == "alice@TEST.EXAMPLE 01000000")
                    try FileManager.default.removeItem(atPath: realm.path(file))
                    await #expect(throws: LoginError.self) { try await login.begin(host: "broker.example") }
                    _ = try realm.ask("kinit \(realm.path(file))")
                    #expect(try await realm.logIn(login) == "alice@TEST.EXAMPLE 01000000")
                    login.close()
                }
            }
        }
    }

    @Test("with both, the keytab is for when the cache has no ticket")
    func both() async {
        await #expect(processExitsWith: .success) {
            await KerberosRealm.with { realm in
                let login = try KerberosLogin(
                    options: KerberosRealm.options([
                        "useTicketCache": "true", "useKeyTab": "true", "keyTab": realm.path("client.keytab"),
                        "principal": "alice@TEST.EXAMPLE",
                    ]),
                    serviceName: "kafka"
                )
                try await login.prepare()
                #expect(try await realm.logIn(login) == "alice@TEST.EXAMPLE 01000000")
            }
        }
    }

    @Test("what is wrong is told in the library's words, and whether it may go better")
    func faults() async {
        await #expect(processExitsWith: .success) {
            await KerberosRealm.with { realm in
                func fault(_ login: KerberosLogin, _ host: String = "broker.example") async -> LoginError? {
                    await #expect(throws: LoginError.self) { try await login.begin(host: host) }
                }
                let missing = await fault(try realm.keytabLogin("none.keytab"))
                #expect(missing?.reason.contains("with the keytab \(realm.path("none.keytab")): ") == true)
                #expect(missing?.isRetriable == false)
                let stranger = await fault(try realm.keytabLogin(principal: "bob"))
                #expect(stranger?.reason.hasPrefix("no ticket for bob with the keytab ") == true)
                let service = await fault(try realm.keytabLogin(), "other.example")
                #expect(service?.reason.contains("for kafka/other.example: ") == true)
                #expect(service?.reason.contains("not found in Kerberos database") == true)
                #expect(service?.isRetriable == false)
                _ = try realm.ask("stop")
                let down = await fault(try realm.keytabLogin())
                #expect(down?.reason.contains("Cannot contact any KDC") == true)
                #expect(down?.isRetriable == true)
                for error in [missing, stranger, service, down] { #expect(error?.reason.contains("\n") == false) }
            }
        }
    }

    @Test("a broker that offers no connection without a layer, or no offer, is refused")
    func offers() async {
        await #expect(processExitsWith: .success) {
            await KerberosRealm.with { realm in
                let login = try realm.keytabLogin()
                for (layers, words) in [("06ffffff", "insists on a layer"), ("01", "4 bytes"), ("", "4 bytes")] {
                    let error = await #expect(throws: SASLError.self) { try await realm.logIn(login, layers: layers) }
                    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
                }
            }
        }
    }

    @Test("tokens that are changed, empty or out of order are refused")
    func tokens() async {
        await #expect(processExitsWith: .success) {
            await KerberosRealm.with { realm in
                let login = try realm.keytabLogin()
                for answer in [[], [0], Array("hello".utf8), [UInt8](repeating: 0x60, count: 500)] as [[UInt8]] {
                    var mechanism = try await login.begin(host: "broker.example")
                    #expect(throws: SASLError.unexpectedToken(.gssapi)) { try mechanism.respond(to: answer) }
                    mechanism = try await login.begin(host: "broker.example")
                    _ = try mechanism.start()
                    #expect(throws: SASLError.unexpectedToken(.gssapi)) { try mechanism.start() }
                    #expect(throws: SASLError.self) { try mechanism.respond(to: answer) }
                    #expect(throws: SASLError.unexpectedToken(.gssapi)) { try mechanism.respond(to: answer) }
                }
                _ = try realm.ask("new 01ffffff")
                var mechanism = try await login.begin(host: "broker.example")
                let token = try realm.ask("token " + AWSSigner.hex(try mechanism.start().bytes))
                var bytes = KerberosRealm.bytes(String(token.dropFirst("token ".count)))
                bytes[bytes.count - 1] ^= 1
                #expect(throws: SASLError.self) { try mechanism.respond(to: bytes) }
            }
        }
    }

    @Test("the tickets of a cache are renewed while the client works, and no more once it is closed")
    func renewing() async {
        await #expect(processExitsWith: .success) {
            await KerberosRealm.with { realm in
                let cache = realm.path("cache")
                _ = try realm.ask("kinit \(cache)")
                let (calls, program) = (realm.path("calls"), realm.path("kinit"))
                try #require(unsafe mkfifo(calls, 0o600) == 0)
                try Data("#!/bin/sh\necho \"$@\" > '\(calls)'\n".utf8).write(to: URL(fileURLWithPath: program))
                try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
                var renewal = KerberosRenewal()
                (renewal.command, renewal.windowFactor, renewal.jitter) = (program, 0, 0)
                renewal.shortestInterval = .zero
                let login = try KerberosLogin(
                    options: KerberosRealm.options(["useTicketCache": "true", "ticketCache": cache]),
                    serviceName: "kafka",
                    renewal: renewal
                )
                try await login.prepare()
                // Opened for both, it has no end while programs come and go; several may have written at once.
                let descriptor = unsafe open(calls, O_RDWR)
                defer { close(descriptor) }
                let expected = Array("-R -c \(cache)\n-R -c \(cache)\n".utf8)
                var bytes: [UInt8] = []
                while bytes.count < expected.count {
                    var byte: UInt8 = 0
                    try #require(unsafe read(descriptor, &byte, 1) == 1)
                    bytes.append(byte)
                }
                #expect(bytes == expected)
                login.close()
            }
        }
    }

    @Test("a renewal that fails is reported, without the command")
    func notRenewed() async {
        await #expect(processExitsWith: .success) {
            await KerberosRealm.with { realm in
                let cache = realm.path("cache")
                _ = try realm.ask("kinit \(cache)")
                var renewal = KerberosRenewal()
                (renewal.command, renewal.windowFactor, renewal.jitter) = ("/bin/false", 0, 0)
                renewal.shortestInterval = .zero
                let login = try KerberosLogin(
                    options: KerberosRealm.options(["useTicketCache": "true", "ticketCache": cache]),
                    serviceName: "kafka",
                    renewal: renewal
                )
                let (news, continuation) = AsyncStream.makeStream(of: LoginNews.self)
                login.observe { continuation.yield($0) }
                try await login.prepare()
                let reason = "sasl.kerberos.kinit.cmd: it failed with exit status 1"
                #expect(await news.first { _ in true } == .refreshFailed(reason: reason, retryIn: .zero))
                login.close()
            }
        }
    }

    @Test("kinit renews a ticket by the command that is made for it")
    func kinit() async {
        await #expect(processExitsWith: .success) {
            await KerberosRealm.with { realm in
                let cache = realm.path("it's a cache")
                _ = try realm.ask("kinit \(realm.path("cache"))")
                try FileManager.default.moveItem(atPath: realm.path("cache"), toPath: cache)
                let before = try Data(contentsOf: URL(fileURLWithPath: cache))
                var renewal = KerberosRenewal()
                renewal.command = "kinit"
                _ = try ShellCommand.run(renewal.shellCommand(cache: cache))
                #expect(try Data(contentsOf: URL(fileURLWithPath: cache)) != before)
                #expect(throws: ShellCommand.Failure.self) {
                    try ShellCommand.run(renewal.shellCommand(cache: cache + "x"))
                }
            }
        }
    }
}
