// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The options of Krb5LoginModule.
@Suite("KerberosOptions")
struct KerberosOptionsTests {
    private static func read(
        _ texts: [String: String],
        serviceName: String? = "kafka",
        environment: [String: String] = [:]
    ) throws(SecurityRefusal) -> KerberosOptions {
        try KerberosOptions(texts.mapValues { Secret($0) }, serviceName: serviceName, environment: environment)
    }

    @Test(
        "they say where a ticket comes from",
        arguments: [
            (["useTicketCache": "true"], [.cache(path: nil, principal: nil)]),
            (
                [
                    "useTicketCache": "TRUE", "ticketCache": "/c", "principal": "a", "renewTGT": "true",
                    "doNotPrompt": "true",
                ],
                [.cache(path: "/c", principal: "a")]
            ),
            (
                ["useKeyTab": "true", "keyTab": "/k", "principal": "a@B", "storeKey": "true", "isInitiator": "true"],
                [.keytab(path: "/k", principal: "a@B")]
            ),
            (["useKeyTab": "true", "principal": "a"], [.keytab(path: "/etc/krb5.keytab", principal: "a")]),
            (["useKeyTab": "true", "keyTab": "FILE:/k", "principal": "a"], [.keytab(path: "/k", principal: "a")]),
            (["useKeyTab": "true", "keyTab": "file:///k", "principal": "a"], [.keytab(path: "/k", principal: "a")]),
            (
                ["useKeyTab": "true", "keyTab": "/k", "principal": "a", "useTicketCache": "true"],
                [.cache(path: nil, principal: "a"), .keytab(path: "/k", principal: "a")]
            ),
        ] as [([String: String], [KerberosCredentials])]
    )
    func credentials(texts: [String: String], expected: [KerberosCredentials]) throws {
        let options = try Self.read(texts)
        #expect(options.credentials == expected)
        #expect(options.serviceName == "kafka")
        #expect(options.notes.isEmpty)
    }

    @Test("the keytab may be that of the environment")
    func environment() throws {
        let options = try Self.read(["useKeyTab": "true", "principal": "a"], environment: ["KRB5_KTNAME": "FILE:/e"])
        #expect(options.credentials == [.keytab(path: "/e", principal: "a")])
    }

    @Test(
        "what does not say it is refused",
        arguments: [
            ([:], "nobody can be asked for a password"),
            (["useTicketCache": "false", "useKeyTab": "no"], "nobody can be asked for a password"),
            (["useKeyTab": "true", "keyTab": "/k"], "useKeyTab=true needs principal"),
            (["keyTab": "/k", "principal": "a", "useTicketCache": "true"], "keyTab needs useKeyTab=true"),
            (["ticketCache": "/c", "useKeyTab": "true", "principal": "a"], "ticketCache needs useTicketCache=true"),
            (["renewTGT": "true", "useKeyTab": "true", "principal": "a"], "renewTGT=true needs useTicketCache=true"),
            (["useTicketCache": "true", "principal": "*"], "principal=* is for brokers"),
            (["useTicketCache": "true", "principal": ""], "principal is empty"),
            (["useTicketCache": "true", "isInitiator": "false"], "isInitiator=false is for brokers"),
        ] as [([String: String], String)]
    )
    func refusals(texts: [String: String], expected: String) {
        let refusal = #expect(throws: SecurityRefusal.self) { try Self.read(texts) }
        #expect(refusal?.key == "sasl.jaas.config")
        #expect(refusal?.reason.hasPrefix("sasl.jaas.config: Krb5LoginModule: \(expected)") == true)
    }

    @Test(
        "the service's name is said once, or twice the same",
        arguments: [
            ("kafka", nil, "kafka"), (nil, "kafka", "kafka"), ("kafka", "kafka", "kafka"), ("kafka", "", "kafka"),
        ]
            as [(String?, String?, String)]
    )
    func serviceName(jaas: String?, setting: String?, expected: String) throws {
        var texts = ["useTicketCache": "true"]
        texts["serviceName"] = jaas
        #expect(try Self.read(texts, serviceName: setting).serviceName == expected)
    }

    @Test("a service's name that is missing or not the same is refused in Java's words")
    func serviceNameRefused() {
        let missing = #expect(throws: SecurityRefusal.self) {
            try Self.read(["useTicketCache": "true"], serviceName: nil)
        }
        #expect(missing?.reason.hasPrefix("No serviceName defined in either JAAS or Kafka config") == true)
        let other = #expect(throws: SecurityRefusal.self) {
            try Self.read(["useTicketCache": "true", "serviceName": "a"], serviceName: "b")
        }
        #expect(
            other?.reason
                == "Conflicting serviceName values found in JAAS and Kafka configs value in JAAS file a, value in Kafka config b"
        )
    }

    @Test(
        "options that are known and have no effect get a note, those that say what is done anyway get none",
        arguments: [
            (["refreshKrb5Config": "true", "renewTGT": "true", "doNotPrompt": "true"], []),
            (["useFirstPass": "false", "storeKey": "false", "debug": "false"], []),
            (["storeKey": "true", "clearPass": "TRUE"], ["without effect for GSSAPI: clearPass, storeKey"]),
            (["doNotPrompt": "false"], ["doNotPrompt=false has no effect: nobody is asked for a password"]),
            (["debug": "true"], ["debug has no effect; set KRB5_TRACE=/dev/stderr to see what the library does"]),
        ] as [([String: String], [String])]
    )
    func withoutEffect(texts: [String: String], expected: [String]) throws {
        let notes = try Self.read(texts.merging(["useTicketCache": "true"]) { $1 }).notes
        #expect(notes == expected.map { "sasl.jaas.config: \($0)" })
    }

    @Test("options that are unknown get one note, without their names")
    func unknown() throws {
        let notes = try Self.read(["useTicketCache": "true", "hunter2": "x", "hunter3": "y"]).notes
        #expect(notes.count == 1)
        #expect(
            notes.first?.hasPrefix("sasl.jaas.config: 2 options unknown to Krb5LoginModule will be ignored") == true
        )
        #expect(notes.first?.contains("hunter") == false)
    }

    @Test("without the library one line says what to install")
    func library() async throws {
        let login = KerberosLogin(
            try Self.read(["useTicketCache": "true"]),
            renewal: KerberosRenewal(),
            libraryName: "libgssapi_krb5.so.none"
        )
        let error = await #expect(throws: LoginError.self) { try await login.prepare() }
        #expect(
            error?.reason
                == "no ticket in the default ticket cache: libgssapi_krb5.so.none, the system's library for Kerberos, is not "
                + "here; install it: apt-get install libgssapi-krb5-2, or dnf install krb5-libs"
        )
        #expect(error?.isRetriable == false)
    }

    @Test(
        "a ticket is renewed behind a part of its life, and not too often",
        arguments: [
            (3600, 0.0, Duration.seconds(2880)), (3600, 1, .seconds(3060)), (3600, 7, .seconds(3060)),
            (30, 0, .seconds(60)),
            (0, 0, .seconds(60)), (nil, 0, .seconds(60)),
        ] as [(UInt32?, Double, Duration)]
    )
    func pause(lifetime: UInt32?, random: Double, expected: Duration) {
        let pause = KerberosRenewal().pause(lifetime: lifetime, random: random)
        #expect(abs((pause - expected) / .milliseconds(1)) < 1)
    }

    @Test("without a ticket one is looked for once a second at most", arguments: [nil, 0] as [UInt32?])
    func noTicket(lifetime: UInt32?) {
        var renewal = KerberosRenewal()
        renewal.shortestInterval = .zero
        #expect(renewal.pause(lifetime: lifetime, random: 0) == .seconds(1))
    }

    @Test("a factor beyond the ticket's life counts as its end")
    func factor() {
        var renewal = KerberosRenewal()
        renewal.windowFactor = 5
        #expect(renewal.pause(lifetime: 3600, random: 1) == .seconds(3600))
        #expect(renewal.pause(lifetime: .max, random: 1) == .seconds(Double(UInt32.max)))
    }

    @Test("a command's words are quoted")
    func command() {
        #expect(KerberosRenewal().shellCommand(cache: nil) == "'/usr/bin/kinit' -R >/dev/null 2>&1")
        var renewal = KerberosRenewal()
        renewal.command = "a b"
        #expect(renewal.shellCommand(cache: "it's") == #"'a b' -R -c 'it'\''s' >/dev/null 2>&1"#)
    }
}
