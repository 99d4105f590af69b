// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Sources of credentials: the environment, web identity, containers, machines.
@Suite("Sources of AWS credentials", .timeLimit(.minutes(10)))
struct AWSCredentialSourceTests {
    private static let document = """
        {"Code":"Success","AccessKeyId":"AKID","SecretAccessKey":"hunter2","Token":"hunter3",\
        "Expiration":"2026-01-02T04:04:05Z"}
        """
    private static let expected = AWSCredentials(
        accessKeyID: "AKID",
        secretAccessKey: Secret("hunter2"),
        sessionToken: Secret("hunter3"),
        expiration: AWSTime("2026-01-02T04:04:05Z")
    )

    /// An environment whose requests go through our HTTP client.
    private static func environment(_ variables: [String: String]) -> AWSEnvironment {
        var environment = AWSEnvironment.forTests(variables)
        environment.ask = AWSEnvironment(variables: [:]).ask
        return environment
    }

    private static func fault(_ source: any AWSCredentialSource) async -> AWSFault? {
        await #expect(throws: AWSFault.self) { try await source.credentials() }
    }

    // MARK: Environment

    @Test("keys of the environment, with and without a token", arguments: [nil, "hunter3"] as [String?])
    func environment(token: String?) async throws {
        var variables = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": " hunter2\n"]
        variables["AWS_SESSION_TOKEN"] = token
        let found = try await EnvironmentCredentials(environment: .forTests(variables)).credentials()
        #expect(found.accessKeyID == "AKID")
        #expect(found.secretAccessKey == Secret("hunter2"))
        #expect(found.sessionToken == token.map { Secret($0) })
    }

    @Test(
        "half of the keys is a failure, none is nothing",
        arguments: [
            ([:], AWSFault.Kind.absent, "AWS_ACCESS_KEY_ID is not set"),
            (["AWS_ACCESS_KEY_ID": " "], .absent, "is not set"),
            (["AWS_ACCESS_KEY_ID": "hunter"], .failed, "AWS_SECRET_ACCESS_KEY is not"),
            (["AWS_SECRET_ACCESS_KEY": "hunter"], .failed, "AWS_ACCESS_KEY_ID is not"),
        ] as [([String: String], AWSFault.Kind, String)]
    )
    func environmentFaults(variables: [String: String], kind: AWSFault.Kind, words: String) async {
        let fault = await Self.fault(EnvironmentCredentials(environment: .forTests(variables)))
        #expect(fault?.kind == kind)
        #expect(fault?.description.contains(words) == true)
        #expect(fault?.description.contains("hunter") == false)
    }

    // MARK: Containers

    @Test("a container's address is asked with its token, the one of the file first", arguments: [0, 1, 2])
    func container(tokens: Int) async throws {
        let server = try await ScriptedServer([.status("200 OK", Self.document)])
        let folder = try FolderOfFiles(["token": "from-file\n"])
        var variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:\(server.port)/role?x=1"]
        if tokens > 0 { variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "from-variable" }
        if tokens > 1 { variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = folder.path + "/token" }
        let found = try await ContainerCredentials(environment: Self.environment(variables)).credentials()
        #expect(found == Self.expected)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("GET /role?x=1 HTTP/1.1\r\n"))
        #expect(request.contains("Authorization: ") == (tokens > 0))
        if tokens > 0 { #expect(request.contains("Authorization: \(tokens > 1 ? "from-file" : "from-variable")\r\n")) }
    }

    @Test("a relative address is that of the machine of the container")
    func relative() async throws {
        let variables = [
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/id",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/no",
        ]
        let source = ContainerCredentials(
            environment: .forTests(variables) { request throws(HTTPFailure) in
                #expect("\(request.url)" == "http://169.254.170.2/v2/id")
                return .text(200, Self.document)
            }
        )
        #expect(try await source.credentials() == Self.expected)
    }

    @Test(
        "an address without TLS must be on this machine",
        arguments: [
            ("http://example.com/x", "http is for this machine only"), ("ftp://localhost/", "only \"http\""),
            ("http://169.254.170.3/", "http is for this machine only"), ("nonsense", "it has no protocol"),
        ]
    )
    func containerAddress(address: String, words: String) async {
        let fault = await Self.fault(
            ContainerCredentials(environment: .forTests(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address]))
        )
        #expect(fault?.kind == .failed)
        #expect(fault?.description.hasPrefix("AWS_CONTAINER_CREDENTIALS_FULL_URI cannot be used: ") == true)
        #expect(fault?.description.contains(words) == true, "\(String(describing: fault))")
    }

    @Test(
        "an answer without credentials is a failure, one of the server's own may pass",
        arguments: [
            (200, "{}", AWSFault.Kind.failed, "the answer has no credentials"),
            (200, "{\"AccessKeyId\":\"AKID\"", .failed, "the answer has no credentials"),
            (
                200, "{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"hunter2\",\"Expiration\":\"x\"}", .failed,
                "no credentials"
            ),
            (403, "{\"Code\":\"Denied\",\"Message\":\"hunter2\"}", .failed, "403 Denied"), (404, "", .failed, ": 404"),
            (429, "", .passing, ": 429"), (500, "", .passing, ": 500"),
        ]
    )
    func containerAnswers(status: Int, body: String, kind: AWSFault.Kind, words: String) async {
        let variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/c?key=hunter2"]
        let fault = await Self.fault(
            ContainerCredentials(environment: .forTests(variables) { _ throws(HTTPFailure) in .text(status, body) })
        )
        #expect(fault?.kind == kind)
        #expect(fault?.description.contains(words) == true, "\(String(describing: fault))")
        #expect(fault?.description.contains("hunter") == false)
    }

    @Test("a container that does not answer may pass, without an address there is none")
    func containerGone() async {
        let variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/c"]
        #expect(
            await Self.fault(ContainerCredentials(environment: .forTests(variables)))
                == AWSFault(.passing, "http://localhost/c: connection refused")
        )
        #expect(await Self.fault(ContainerCredentials(environment: .forTests()))?.kind == .absent)
    }

    @Test("a token of several lines is refused and not shown")
    func containerToken() async {
        let variables = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/c",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hunter\r\nX: y",
        ]
        let fault = await Self.fault(ContainerCredentials(environment: .forTests(variables)))
        #expect(fault?.kind == .failed)
        #expect(fault?.description.contains("hunter") == false)
    }

    // MARK: Machines

    @Test("a machine's role: token, name, credentials")
    func instance() async throws {
        let server = try await ScriptedServer([
            .status("200 OK", "TOKEN=="), .status("200 OK", "my-role\nother"), .status("200 OK", Self.document),
        ])
        let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(server.port)/"]
        #expect(try await InstanceCredentials(environment: Self.environment(variables)).credentials() == Self.expected)
        let requests = server.requests
        try #require(requests.count == 3)
        #expect(requests[0].hasPrefix("PUT /latest/api/token HTTP/1.1\r\n"))
        #expect(requests[0].contains("X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"))
        #expect(requests[1].hasPrefix("GET /latest/meta-data/iam/security-credentials/ HTTP/1.1\r\n"))
        #expect(requests[2].hasPrefix("GET /latest/meta-data/iam/security-credentials/my-role HTTP/1.1\r\n"))
        for request in requests.dropFirst() { #expect(request.contains("X-aws-ec2-metadata-token: TOKEN==\r\n")) }
    }

    @Test(
        "the address of the metadata is the usual one, the other of IPv6, or the named one",
        arguments: [
            ([:], "http://169.254.169.254/latest/api/token"),
            (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "http://[fd00:ec2::254]/latest/api/token"),
            (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://m:1"], "http://m:1/latest/api/token"),
        ] as [([String: String], String)]
    )
    func endpoint(variables: [String: String], expected: String) async {
        let fault = await Self.fault(InstanceCredentials(environment: .forTests(variables)))
        // Most machines are none of EC2.
        #expect(fault == AWSFault(.absent, "\(expected): connection refused"))
    }

    @Test(
        "a machine without a role, with a refusal, or with metadata turned off",
        arguments: [
            ([(200, "T"), (404, "")], AWSFault.Kind.failed, "security-credentials/: 404"),
            ([(200, "T"), (200, "\n")], .failed, "this machine has no role"),
            (
                [(200, "T"), (200, "r"), (200, "{\"Code\":\"AssumeRoleUnauthorizedAccess\"}")], .failed,
                "AssumeRoleUnauthorized"
            ),
            ([(200, "T"), (200, "r"), (200, "no")], .failed, "cannot be read"),
            ([(200, "T"), (200, "r"), (503, "")], .passing, "503"), ([(403, "")], .failed, "token: 403"),
            ([(200, "T\r\nX: y")], .failed, "token: 200"),
        ] as [([(Int, String)], AWSFault.Kind, String)]
    )
    func instanceFaults(answers: [(Int, String)], kind: AWSFault.Kind, words: String) async {
        let script = Script(answers)
        let fault = await Self.fault(InstanceCredentials(environment: .forTests(ask: script.ask)))
        #expect(fault?.kind == kind)
        #expect(fault?.description.contains(words) == true, "\(String(describing: fault))")
    }

    @Test("metadata that is turned off is not asked")
    func disabled() async {
        let environment = AWSEnvironment.forTests(["AWS_EC2_METADATA_DISABLED": "True"]) { _ throws(HTTPFailure) in
            Issue.record("it was asked")
            return .text(200, "")
        }
        #expect(await Self.fault(InstanceCredentials(environment: environment))?.kind == .absent)
    }
}
