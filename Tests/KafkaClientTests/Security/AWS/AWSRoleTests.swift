// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Credentials of roles, by STS.
@Suite("Roles of AWS")
struct AWSRoleTests {
    static func answer(_ action: String, id: String = "ASIA", token: String = "t&amp;u") -> String {
        """
        <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <\(action)Result>
            <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn></AssumedRoleUser>
            <Credentials>
              <AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>hunter2</SecretAccessKey>
              <SessionToken>\(token)</SessionToken><Expiration>2026-01-02T04:04:05Z</Expiration>
            </Credentials>
          </\(action)Result>
          <ResponseMetadata><RequestId>i</RequestId></ResponseMetadata>
        </\(action)Response>
        """
    }

    private static let expected = AWSCredentials(
        accessKeyID: "ASIA",
        secretAccessKey: Secret("hunter2"),
        sessionToken: Secret("t&u"),
        expiration: AWSTime("2026-01-02T04:04:05Z")
    )
    private static let role = AWSSecurityTokenService.Role(
        arn: "arn:aws:iam::1:role/r",
        sessionName: "s",
        externalID: Secret("e f"),
        duration: "900"
    )
    private static let base = AWSCredentials(
        accessKeyID: "AKID",
        secretAccessKey: Secret("hunter4"),
        sessionToken: Secret("token")
    )

    @Test("a role is asked for with a signed request, whose signature another one confirms")
    func assume() async throws {
        let script = Script([(200, Self.answer("AssumeRole"))])
        let service = AWSSecurityTokenService(.forTests(ask: script.ask), region: "eu-west-1")
        #expect(try await service.assume(Self.role, with: Self.base) == Self.expected)
        let request = try #require(script.requests.first)
        #expect("\(request)" == "POST https://sts.eu-west-1.amazonaws.com/")
        #expect(
            request.body.text
                == "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=s"
                + "&ExternalId=e%20f&DurationSeconds=900"
        )
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value.text) })
        #expect(headers["x-amz-date"] == "20260102T030405Z")
        #expect(headers["x-amz-security-token"] == "token")
        // botocore.auth.SigV4Auth over the same request.
        #expect(
            headers["Authorization"]
                == "AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-west-1/sts/aws4_request, "
                + "SignedHeaders=host;x-amz-date;x-amz-security-token, "
                + "Signature=3a89623cb51720600b699b2a5a4c105f98ab5bf2a27c1d69752884887d9f39dd"
        )
    }

    @Test("without a region the one endpoint of all is asked")
    func global() async throws {
        let script = Script([(200, Self.answer("AssumeRole"))])
        _ = try await AWSSecurityTokenService(.forTests(ask: script.ask), region: nil).assume(
            Self.role,
            with: Self.base
        )
        let request = try #require(script.requests.first)
        #expect("\(request.url)" == "https://sts.amazonaws.com/")
        #expect(request.headers.contains { $0.name == "Authorization" && $0.value.text.contains("/us-east-1/sts/") })
    }

    @Test("web identity: the token of the file, unsigned")
    func webIdentity() async throws {
        let folder = try FolderOfFiles(["token": "jwt.a.b\n"])
        let script = Script([(200, Self.answer("AssumeRoleWithWebIdentity"))])
        let variables = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": folder.path + "/token", "AWS_ROLE_ARN": "arn:r",
            "AWS_ROLE_SESSION_NAME": "pod",
            "AWS_ENDPOINT_URL_STS": "http://localhost:1234",
        ]
        let source = WebIdentityCredentials(.forTests(variables, ask: script.ask), region: nil)
        #expect(try await source.credentials() == Self.expected)
        let request = try #require(script.requests.first)
        #expect("\(request.url)" == "http://localhost:1234/")
        #expect(
            request.body.text
                == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=pod"
                + "&WebIdentityToken=jwt.a.b"
        )
        #expect(!request.headers.contains { $0.name == "Authorization" })
    }

    @Test("web identity that is not set up, or half")
    func webIdentityFaults() async throws {
        func fault(_ variables: [String: String]) async -> AWSFault? {
            let source = WebIdentityCredentials(.forTests(variables), region: nil)
            return await #expect(throws: AWSFault.self) { try await source.credentials() }
        }
        #expect(await fault([:])?.kind == .absent)
        #expect(
            await fault(["AWS_WEB_IDENTITY_TOKEN_FILE": "/none"])?.description.contains("AWS_ROLE_ARN is not") == true
        )
        #expect(
            await fault(["AWS_WEB_IDENTITY_TOKEN_FILE": "/none/token", "AWS_ROLE_ARN": "r"])?.description
                == "there is no file /none/token"
        )
    }

    @Test(
        "what STS refuses is told with its reason, and whether it may pass",
        arguments: [
            (
                403,
                "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no\u{1B} way</Message></Error></ErrorResponse>",
                AWSFault.Kind.failed, "403 AccessDenied: no? way"
            ),
            (400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>", .passing, "400 Throttling"),
            (400, "<html>", .failed, ": 400"), (503, "", .passing, ": 503"),
            (200, "<a/>", .failed, "the answer of STS cannot be read"), (200, "", .failed, "cannot be read"),
        ] as [(Int, String, AWSFault.Kind, String)]
    )
    func faults(status: Int, body: String, kind: AWSFault.Kind, words: String) async {
        let service = AWSSecurityTokenService(.forTests(ask: Script([(status, body)]).ask), region: nil)
        let fault = await #expect(throws: AWSFault.self) { try await service.assume(Self.role, with: Self.base) }
        #expect(fault?.kind == kind)
        #expect(fault?.description.contains(words) == true, "\(String(describing: fault))")
        #expect(fault?.description.contains("hunter") == false)
    }

    @Test("whose credentials they are")
    func identity() async throws {
        let body =
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:me</Arn></GetCallerIdentityResult>"
            + "</GetCallerIdentityResponse>"
        let service = AWSSecurityTokenService(.forTests(ask: Script([(200, body)]).ask), region: nil)
        #expect(try await service.identity(of: Self.base) == "arn:me")
    }
}
