// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Signatures that AWS publishes: the example of its documentation (ListUsers) and its test suite for Version 4.
@Suite("AWSSigner")
struct AWSSignerTests {
    private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    private static func signer(service: String) throws -> AWSSigner {
        AWSSigner(
            credentials: AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret(secret)),
            region: "us-east-1",
            service: service,
            time: try #require(AWSTime("2015-08-30T12:36:00Z"))
        )
    }

    @Test("the example of the documentation, step by step")
    func listUsers() throws {
        let signer = try Self.signer(service: "iam")
        var request = AWSSigner.Request()
        request.query = [("Version", "2010-05-08"), ("Action", "ListUsers")]
        request.headers = [
            ("content-type", "application/x-www-form-urlencoded; charset=utf-8"), ("host", "iam.amazonaws.com"),
            ("x-amz-date", "20150830T123600Z"),
        ]
        #expect(
            signer.stringToSign(request) == """
                AWS4-HMAC-SHA256
                20150830T123600Z
                20150830/us-east-1/iam/aws4_request
                f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59
                """
        )
        #expect(
            signer.authorization(request)
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        )
    }

    @Test(
        "the test suite's requests",
        arguments: [
            ("GET", [], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            ("POST", [], "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                "GET", [("Param2", "value2"), ("Param1", "value1")],
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
            ),
        ] as [(String, [(String, String)], String)]
    )
    func suite(method: String, query: [(String, String)], expected: String) throws {
        var request = AWSSigner.Request()
        request.method = method
        request.query = query
        request.headers = [("host", "example.amazonaws.com"), ("x-amz-date", "20150830T123600Z")]
        #expect(try Self.signer(service: "service").signature(request) == expected)
    }

    @Test(
        "names and values of a query keep letters, digits and -._~ alone",
        arguments: [
            ("AZaz09-._~", "AZaz09-._~"), ("a b+c/d=e:f", "a%20b%2Bc%2Fd%3De%3Af"), ("é\u{0}", "%C3%A9%00"), ("", ""),
        ]
    )
    func encoding(text: String, expected: String) {
        #expect(AWSSigner.encoded(text) == expected)
    }
}
