// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Credentials of profiles.
@Suite("Credentials of AWS profiles")
struct ProfileCredentialsTests {
    private static let config = """
        [default]
        region = eu-west-1
        [profile keys]
        aws_access_key_id = AKCONFIG
        aws_secret_access_key = hunter1
        [profile token]
        aws_access_key_id = AKTOKEN
        aws_secret_access_key = hunter2
        aws_session_token = hunter3
        [profile role]
        role_arn = arn:role
        source_profile = keys
        external_id = hunter4
        [profile chain]
        role_arn = arn:chain
        source_profile = role
        [profile own]
        role_arn = arn:own
        source_profile = own
        aws_access_key_id = AKOWN
        aws_secret_access_key = hunter5
        [profile loop]
        role_arn = arn:loop
        source_profile = pool
        [profile pool]
        role_arn = arn:pool
        source_profile = loop
        [profile orphan]
        role_arn = arn:orphan
        source_profile = nobody
        [profile sourceless]
        role_arn = arn:sourceless
        [profile environment]
        role_arn = arn:environment
        credential_source = Environment
        [profile machine]
        role_arn = arn:machine
        credential_source = Ec2InstanceMetadata
        [profile wrong]
        role_arn = arn:wrong
        credential_source = hunter
        [profile two]
        role_arn = arn:two
        credential_source = Environment
        source_profile = keys
        [profile mfa]
        role_arn = arn:mfa
        source_profile = keys
        mfa_serial = arn:mfa
        [profile process]
        credential_process = print 'x'
        [profile sso]
        sso_session = my-sso
        sso_account_id = 123456789012
        sso_role_name = Reader
        [profile old-sso]
        sso_start_url = https://d-1.awsapps.com/start
        sso_account_id = 123456789012
        sso_role_name = Reader
        [profile half-sso]
        sso_account_id = 1
        [profile nothing]
        region = x
        """

    private let folder: FolderOfFiles

    init() throws {
        folder = try FolderOfFiles([
            ".aws/config": Self.config,
            ".aws/credentials": "[default]\naws_access_key_id = AKDEFAULT\naws_secret_access_key = hunter0\n"
                + "[keys]\naws_access_key_id = AKFILE\n",
        ])
    }

    private func environment(_ variables: [String: String] = [:], script: Script? = nil) -> AWSEnvironment {
        .forTests(variables.merging(["HOME": folder.path]) { $1 }, ask: script?.ask)
    }

    private func find(_ name: String?, script: Script? = nil, _ variables: [String: String] = [:]) async throws
        -> AWSCredentials
    {
        try await ProfileCredentials(environment(variables, script: script), named: name).credentials()
    }

    private func fault(_ name: String, script: Script? = nil) async -> AWSFault? {
        let source = ProfileCredentials(environment(script: script), named: name)
        return await #expect(throws: AWSFault.self) { try await source.credentials() }
    }

    @Test(
        "keys that are written there; the file of credentials goes first",
        arguments: [
            (nil, [:], "AKDEFAULT"), (nil, ["AWS_PROFILE": "token"], "AKTOKEN"),
            ("keys", ["AWS_PROFILE": "token"], "AKFILE"),
        ] as [(String?, [String: String], String)]
    )
    func keys(name: String?, variables: [String: String], id: String) async throws {
        let found = try await find(name, variables)
        #expect(found.accessKeyID == id)
        #expect((found.sessionToken == Secret("hunter3")) == (id == "AKTOKEN"))
    }

    @Test("the files may be elsewhere, and may be missing")
    func elsewhere() async throws {
        try folder.write("other", "[x]\naws_access_key_id = AKX\naws_secret_access_key = s\n")
        let variables = ["AWS_SHARED_CREDENTIALS_FILE": "~/other", "AWS_CONFIG_FILE": "/none/config"]
        #expect(try await find("x", variables).accessKeyID == "AKX")
        let source = ProfileCredentials(environment(variables), named: "y")
        let fault = await #expect(throws: AWSFault.self) { try await source.credentials() }
        #expect(fault == AWSFault(.absent, "it is not in \(folder.path)/other or /none/config"))
    }

    @Test(
        "roles are taken with the credentials of other profiles, of their own, or of elsewhere",
        arguments: [
            ("role", ["arn:role AKFILE"]), ("chain", ["arn:role AKFILE", "arn:chain ASIA"]), ("own", ["arn:own AKOWN"]),
            ("environment", ["arn:environment AKENV"]),
        ]
    )
    func roles(name: String, expected: [String]) async throws {
        let script = Script([(200, AWSRoleTests.answer("AssumeRole"))])
        let variables = ["AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-north-1"]
        #expect(try await find(name, script: script, variables).accessKeyID == "ASIA")
        let asked = script.requests.map { request in
            let arn = request.body.text.split(separator: "&").first { $0.hasPrefix("RoleArn=") }?.dropFirst(8)
            let key = request.headers.first { $0.name == "Authorization" }?.value.text
                .split(separator: "Credential=").last?.split(separator: "/").first
            return "\((arn ?? "").replacing("%3A", with: ":")) \(key ?? "")"
        }
        #expect(asked == expected)
        #expect(script.requests.allSatisfy { $0.url.host == "sts.eu-north-1.amazonaws.com" })
        #expect(
            script.requests.contains { $0.body.text.contains("ExternalId=hunter4") }
                == ["role", "chain"].contains(name)
        )
    }

    @Test(
        "a profile that leads nowhere is told",
        arguments: [
            ("loop", "the source_profile of loop leads back to it"), ("orphan", "source_profile nobody is not in "),
            ("sourceless", "profile sourceless has a role_arn and no source_profile"),
            ("wrong", "credential_source must be Environment"),
            ("two", "has both source_profile and credential_source"),
            ("mfa", "mfa_serial is not supported"), ("nothing", "profile nothing has none of aws_access_key_id"),
            ("half-sso", "it needs sso_account_id, sso_role_name and sso_session"),
            ("machine", "http://169.254.169.254/"),
        ]
    )
    func faults(name: String, words: String) async {
        let fault = await fault(name)
        #expect(fault?.description.contains(words) == true, "\(String(describing: fault))")
        #expect(fault?.description.contains("hunter") == false)
    }

    @Test("a file that cannot be read is told with its line")
    func unreadable() async throws {
        try folder.write(".aws/config", "[default]\nhunter2\n")
        #expect(await fault("default")?.description == "\(folder.path)/.aws/config:2: a line without =")
        try folder.write(".aws/config", "")
        try folder.write(".aws/credentials", "hunter2=\n")
        #expect(
            await fault("default")?.description
                == "\(folder.path)/.aws/credentials:1: a line in front of the first [section]"
        )
    }

    // MARK: Programs

    @Test("a program prints credentials")
    func process() async throws {
        var environment = environment()
        environment.run = { command throws(AWSFault) in
            #expect(command == "print 'x'")
            return Array(#"{"Version":1,"AccessKeyId":"AKP","SecretAccessKey":"s","SessionToken":"t"}"#.utf8)
        }
        let found = try await ProfileCredentials(environment, named: "process").credentials()
        #expect(found.accessKeyID == "AKP")
        #expect(found.sessionToken == Secret("t"))
    }

    @Test(
        "what a program prints must be credentials that are good",
        arguments: [
            ("hunter2", "it printed no JSON object with Version 1"),
            (#"{"AccessKeyId":"AKP","SecretAccessKey":"hunter2"}"#, "it printed no JSON object with Version 1"),
            (#"{"Version":1,"AccessKeyId":"AKP"}"#, "it printed no AccessKeyId and SecretAccessKey"),
            (
                #"{"Version":1,"AccessKeyId":"AKP","SecretAccessKey":"hunter2","Expiration":"2026-01-02T03:04:05Z"}"#,
                "it printed credentials that ended already"
            ),
        ]
    )
    func processFaults(output: String, words: String) async {
        var environment = environment()
        environment.run = { _ throws(AWSFault) in Array(output.utf8) }
        let source = ProfileCredentials(environment, named: "process")
        let fault = await #expect(throws: AWSFault.self) { try await source.credentials() }
        #expect(fault?.description == "its credential_process: \(words)")
    }

    @Test("a program is run by the shell, without our input, and its failure is told without the command")
    func shell() async throws {
        let run = AWSEnvironment(variables: [:]).run
        #expect(try await run("cat; echo \"$((1 + 1))\"") == Array("2\n".utf8))
        #expect(try await run("printf %s " + ShellCommand.quoted("it's $HOME")) == Array("it's $HOME".utf8))
        for (command, words) in [
            ("exit 7 # hunter2", "it failed with exit status 7"), ("kill -9 $$", "it failed with signal 9"),
            ("head -c 2000000 /dev/zero", "it printed more than 1 MiB"), ("a\u{0}", "the command has a NUL character"),
        ] {
            let fault = await #expect(throws: AWSFault.self) { try await run(command) }
            #expect(fault?.description == words)
        }
    }

    // MARK: SSO

    @Test(
        "what a login by SSO left is used until it ends",
        arguments: [
            // The names are SHA-1 of what AWS's command line program writes: botocore's SSOCredentialFetcher.
            ("sso", "ef0fcf8df568b75ef79e2a342704ecc7e6c8ffae"),
            ("old-sso", "967af47cd866aeebdb72ec696be477fee3e52f18"),
        ]
    )
    func sso(name: String, file: String) async throws {
        let advice = "run: aws sso login --profile '\(name)' && aws sts get-caller-identity --profile '\(name)'"
        #expect(await fault(name)?.description.hasSuffix(advice) == true)
        for (end, isGood) in [("2026-01-02T03:04:06Z", true), ("2026-01-02T03:04:05Z", false)] {
            try folder.write(
                ".aws/cli/cache/\(file).json",
                #"{"ProviderType":"sso","Credentials":{"AccessKeyId":"ASSO","SecretAccessKey":"s","SessionToken":"t","#
                    + #""Expiration":"\#(end)","AccountId":"1"}}"#
            )
            if isGood {
                #expect(try await find(name).accessKeyID == "ASSO")
            } else {
                #expect(await fault(name)?.description.hasSuffix(advice) == true)
            }
        }
    }
}
