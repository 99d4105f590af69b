// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The grammar of `sasl.jaas.config`.
@Suite("JAASConfiguration")
struct JAASConfigurationTests {
    private static let plain = "org.apache.kafka.common.security.plain.PlainLoginModule"

    private func failure(_ text: String) -> JAASError? {
        #expect(throws: JAASError.self) { try JAASConfiguration(parsing: text) }
    }

    @Test("a password with quotes, backslashes and blanks is what it is in Java")
    func password() throws {
        let text = #"\#(Self.plain) required username='alice' password="a\"b\\c d;/*e*/ '//'";"#
        let configuration = try JAASConfiguration(parsing: text)
        #expect(configuration.options["username"] == Secret("alice"))
        #expect(configuration.options["password"] == Secret(#"a"b\c d;/*e*/ '//'"#))
    }

    @Test(
        "login modules are known by their Java classes, shaded ones too",
        arguments: [
            (plain, LoginModule.plain), ("kafkashaded." + plain, .plain),
            ("org.apache.flink.kafka.shaded." + plain, .plain),
            ("org.apache.kafka.common.security.scram.ScramLoginModule", .scram),
            ("org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule", .oauthBearer),
            ("software.amazon.msk.auth.iam.IAMLoginModule", .mskIAM),
            ("com.sun.security.auth.module.Krb5LoginModule", .kerberos),
        ]
    )
    func loginModules(className: String, expected: LoginModule) throws {
        #expect(try JAASConfiguration(parsing: "\(className) required;").loginModule() == expected)
    }

    @Test("a name and a password serve PLAIN and SCRAM, whichever login module holds them")
    func mechanisms() {
        #expect(LoginModule.plain.mechanisms == [.plain, .scramSHA256, .scramSHA512])
        #expect(LoginModule.scram.mechanisms == LoginModule.plain.mechanisms)
        #expect(LoginModule.oauthBearer.mechanisms.map(\.rawValue) == ["OAUTHBEARER"])
        #expect(LoginModule.mskIAM.mechanisms.map(\.rawValue) == ["AWS_MSK_IAM"])
        #expect(LoginModule.kerberos.mechanisms.map(\.rawValue) == ["GSSAPI"])
    }

    @Test(
        "an unknown login module is refused, and the line names those that are known",
        arguments: [
            ("com.example.VaultLoginModule", "the login module com.example.VaultLoginModule"),
            ("PlainLoginModule", "the login module at its beginning"),
            ("xcommon.security.plain.PlainLoginModule", "the login module xcommon.security.plain.PlainLoginModule"),
            ("alice.hunter2", "the login module at its beginning"),
        ]
    )
    func unknownLoginModule(className: String, named: String) throws {
        let configuration = try JAASConfiguration(parsing: "\(className) required;")
        let error = #expect(throws: JAASError.self) { try configuration.loginModule() }
        #expect(error?.reason == .loginModuleUnknown(Secret(className)))
        #expect(
            error?.description == "sasl.jaas.config: \(named) is not supported; use one of \(Self.plain), "
                + "org.apache.kafka.common.security.scram.ScramLoginModule, "
                + "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule, "
                + "software.amazon.msk.auth.iam.IAMLoginModule, com.sun.security.auth.module.Krb5LoginModule"
        )
    }

    @Test(
        "a fault is told by what to write",
        arguments: [
            ("", "it is empty; the form is LOGIN-MODULE required name=\"value\" … ;"),
            (
                "\(plain) username=\"a\";",
                "required, requisite, sufficient or optional must stand at character 57, behind the login module, "
                    + "instead of username; the form is LOGIN-MODULE required name=\"value\" … ;"
            ),
            (
                "\(plain) required password=;",
                "the option password has no value at character 66; write password=\"…\", with a backslash before a \" "
                    + "or \\ in the value"
            ),
            (
                "\(plain) required password=\"s3cret",
                "it must end with a semicolon; if it does, a closing quote is missing before"
            ),
            (
                "\(plain) required password=s3;cret required;",
                "it has 2 login modules and must have one; a ; in a value must stand between quotes"
            ),
        ]
    )
    func faults(text: String, expected: String) {
        #expect(failure(text)?.description == "sasl.jaas.config: \(expected)")
    }

    /// A missing quote makes the next words of a password names of options, control flags and login modules.
    @Test(
        "no password gets into an error or a text, wherever a quote is missing",
        arguments: [
            "M required username=\"a password=\"hunter2\";", "M required password=\"x\nhunter2\";",
            "M required password=x hunter2;", "M required password=x;hunter2 hunter2;", "M required x=y;hunter2",
            "M required password=x hunter2=;", "hunter2", "hunter2;", "alice hunter2;", "alice:hunter2",
            "M hunter2 password=x;", "hunter2 required username=\"a\";", "hunter2 required;",
            "M required hunter2=\"hunter2\";", "M required password='hunter2';", "M required 1=hunter2;",
        ]
    )
    func hidden(text: String) {
        var texts: [String] = []
        do throws(JAASError) {
            let configuration = try JAASConfiguration(parsing: text)
            texts += Self.texts(of: configuration)
            _ = try configuration.loginModule()
        } catch {
            texts += Self.texts(of: error)
        }
        #expect(!texts.isEmpty)
        for shown in texts { #expect(!shown.contains("hunter2")) }
    }

    @Test("of a configuration, module, flag and names of known options are shown")
    func description() throws {
        let configuration = try JAASConfiguration(
            parsing: "\(Self.plain) required username=\"alice\" password=\"hunter2\" sesame=\"x\";"
        )
        #expect("\(configuration)" == "\(Self.plain) required password=[hidden] username=[hidden]")
    }

    private static func texts(of value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return ["\(value)", String(reflecting: value), dumped]
    }
}
