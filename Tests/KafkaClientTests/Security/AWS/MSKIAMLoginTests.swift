// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import KafkaClient

/// Logins to Amazon MSK, from the options to the token.
@Suite("MSKIAMLogin")
struct MSKIAMLoginTests {
    private static let host = "b-1.orders.abc123.c2.kafka.us-east-1.amazonaws.com"
    private static let keys = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hunter2", "HOME": "/none"]

    private func payload(_ login: MSKIAMLogin, _ host: String = host) async throws -> [String: String] {
        var mechanism = try await login.begin(host: host)
        return try JSONDecoder().decode([String: String].self, from: Data(try mechanism.start().bytes))
    }

    @Test("each connection gets a signature of its own, for its host and its time")
    func anew() async throws {
        let clock = HandClock()
        let login = try MSKIAMLogin(options: [:], environment: .forTests(Self.keys, clock: clock))
        #expect(login.mechanism == .awsMSKIAM)
        try await login.prepare()
        let first = try await payload(login)
        #expect(first["host"] == Self.host)
        #expect(first["x-amz-credential"] == "AKID/20260102/us-east-1/kafka-cluster/aws4_request")
        #expect(first["x-amz-date"] == "20260102T030405Z")
        clock.advance(86_400)
        let second = try await payload(login)
        #expect(second["x-amz-date"] == "20260103T030405Z")
        #expect(second["x-amz-signature"] != first["x-amz-signature"])
    }

    @Test("as OAUTHBEARER the region's host is signed")
    func bearer() async throws {
        let login = try MSKIAMLogin(options: [:], asBearerToken: true, environment: .forTests(Self.keys))
        #expect(login.mechanism == .oauthBearer)
        var mechanism = try await login.begin(host: Self.host)
        let text = try mechanism.start().text
        #expect(text.hasPrefix("n,,\u{1}auth=Bearer aHR0cHM6Ly9rYWZrYS51cy1lYXN0LTEuYW1hem9uYXdzLmNvbS8_"))
        #expect(mechanism.name == .oauthBearer)
    }

    @Test(
        "a region is taken of the broker, then of the environment, then of the profile",
        arguments: [
            (host, ["AWS_REGION": "eu-west-1"], "us-east-1"), ("broker", ["AWS_REGION": "eu-west-1"], "eu-west-1"),
            ("broker", ["AWS_DEFAULT_REGION": "eu-west-2"], "eu-west-2"),
            ("broker", ["AWS_DEFAULT_REGION": "eu-west-2", "AWS_REGION": "eu-west-1"], "eu-west-1"),
            ("broker", [:], "eu-north-1"), ("broker", ["AWS_PROFILE": "other"], "sa-east-1"),
        ] as [(String, [String: String], String)]
    )
    func region(host: String, variables: [String: String], expected: String) async throws {
        let folder = try FolderOfFiles([
            ".aws/config": "[default]\nregion=eu-north-1\n[profile other]\nregion=sa-east-1\n"
        ])
        let variables = Self.keys.merging(variables) { $1 }.merging(["HOME": folder.path]) { $1 }
        let login = try MSKIAMLogin(options: [:], environment: .forTests(variables))
        #expect(try await payload(login, host)["x-amz-credential"]?.contains("/\(expected)/") == true)
    }

    @Test("without a region the broker and the variable are named")
    func noRegion() async throws {
        let login = try MSKIAMLogin(options: [:], environment: .forTests(Self.keys))
        await #expect(throws: LoginError("no AWS region in broker-1: set AWS_REGION", isRetriable: false)) {
            try await login.begin(host: "broker-1")
        }
    }

    @Test("without credentials one line says all that was tried, and no secret")
    func nothing() async throws {
        let variables = ["HOME": "/none", "AWS_SECRET_ACCESS_KEY": "hunter2"]
        let login = try MSKIAMLogin(
            options: ["awsProfileName": Secret("orders"), "awsMaxRetries": Secret("0")],
            environment: .forTests(variables)
        )
        let error = await #expect(throws: LoginError.self) { try await login.prepare() }
        #expect(
            error?.reason == """
                no AWS credentials: profile orders: it is not in /none/.aws/credentials or /none/.aws/config; \
                environment: AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not; \
                web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set; \
                profile default: it is not in /none/.aws/credentials or /none/.aws/config; \
                container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and …_FULL_URI are not set; \
                instance metadata: http://169.254.169.254/latest/api/token: connection refused
                """
        )
        #expect(error?.isRetriable == false)
    }

    @Test("a role of the options is taken with its own keys, or with the usual credentials", arguments: [true, false])
    func role(hasKeys: Bool) async throws {
        let script = Script([(200, AWSRoleTests.answer("AssumeRole"))])
        var options = ["awsRoleArn": "arn:r", "awsStsRegion": "eu-west-1", "awsAddDefaultProviders": "false"]
        if hasKeys { options.merge(["awsRoleAccessKeyId": "AKROLE", "awsRoleSecretAccessKey": "s"]) { $1 } }
        let login = try MSKIAMLogin(
            options: options.mapValues { Secret($0) },
            environment: .forTests(Self.keys, ask: script.ask)
        )
        let payload = try await payload(login)
        #expect(payload["x-amz-credential"]?.hasPrefix("ASIA/") == true)
        #expect(payload["x-amz-security-token"] == "t&u")
        let request = try #require(script.requests.first)
        #expect("\(request.url)" == "https://sts.eu-west-1.amazonaws.com/")
        let key = hasKeys ? "AKROLE" : "AKID"
        #expect(request.headers.contains { $0.name == "Authorization" && $0.value.text.contains("Credential=\(key)/") })
        #expect(login.user == nil)
    }

    @Test("with awsDebugCreds one learns whose the credentials are")
    func identity() async throws {
        let body =
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:me</Arn></GetCallerIdentityResult>"
            + "</GetCallerIdentityResponse>"
        let login = try MSKIAMLogin(
            options: ["awsDebugCreds": Secret("true")],
            environment: .forTests(Self.keys, ask: Script([(200, body)]).ask)
        )
        #expect(login.user == nil)
        try await login.prepare()
        #expect(login.user == "arn:me")
    }

    @Test("an identity that is not told is no reason not to log in, and it is asked for where awsStsRegion says")
    func unknownIdentity() async throws {
        let script = Script([(403, "")])
        let login = try MSKIAMLogin(
            options: ["awsDebugCreds": Secret("true"), "awsStsRegion": Secret("eu-west-1")],
            environment: .forTests(Self.keys, ask: script.ask)
        )
        try await login.prepare()
        #expect(script.requests.map { "\($0.url)" } == ["https://sts.eu-west-1.amazonaws.com/"])
        #expect(login.user == "somebody unknown (awsDebugCreds: https://sts.eu-west-1.amazonaws.com/: 403)")
    }

    @Test("nothing shows the keys")
    func hidden() async throws {
        let login = try MSKIAMLogin(
            options: [
                "awsRoleArn": Secret("r"), "awsRoleAccessKeyId": Secret("a"),
                "awsRoleSecretAccessKey": Secret("hunter3"),
            ],
            environment: .forTests(Self.keys)
        )
        var dumped = "\(login)"
        dump(login, to: &dumped)
        #expect(!dumped.contains("hunter"))
    }
}
