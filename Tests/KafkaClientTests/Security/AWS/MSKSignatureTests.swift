// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import KafkaClient

/// What is signed to connect to Amazon MSK, beside what botocore signs.
@Suite("MSKSignature")
struct MSKSignatureTests {
    @Test(
        "the token for OAUTHBEARER is botocore's address, with the client behind it",
        arguments: try MSKSignatureVector.all()
    )
    func bearer(vector: MSKSignatureVector) throws {
        let token = vector.signature.bearerToken.text
        #expect(!token.contains("="))
        let padded =
            token.replacing("-", with: "+").replacing("_", with: "/")
            + String(repeating: "=", count: (4 - token.count % 4) % 4)
        let url = String(decoding: try #require(Data(base64Encoded: padded)), as: UTF8.self)
        // botocore sends a session token in another place than it signs it; here both are the same.
        func parts(_ url: String) -> [String] { url.split(separator: "&").map(String.init).sorted() }
        #expect(parts(url) == parts(vector.url + "&User-Agent=kafka-producer"))
    }

    @Test("the token of AWS_MSK_IAM has the same, not encoded, in one order", arguments: try MSKSignatureVector.all())
    func payload(vector: MSKSignatureVector) throws {
        let query = try #require(URLComponents(string: vector.url)?.queryItems)
        func value(_ name: String) -> String? { query.first { $0.name == name }?.value }
        var expected = [
            ("version", "2020_10_22"), ("host", vector.host), ("user-agent", "kafka-producer"),
            ("action", "kafka-cluster:Connect"), ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
            ("x-amz-credential", value("X-Amz-Credential") ?? ""), ("x-amz-date", value("X-Amz-Date") ?? ""),
            ("x-amz-signedheaders", "host"), ("x-amz-expires", "900"),
        ]
        if let token = vector.sessionToken {
            #expect(value("X-Amz-Security-Token") == token)
            expected.append(("x-amz-security-token", token))
        }
        expected.append(("x-amz-signature", value("X-Amz-Signature") ?? ""))
        let text = "{" + expected.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",") + "}"
        #expect(vector.signature.payload.text == text)
    }

    @Test("what JSON would take for its own is escaped")
    func escaped() throws {
        let signature = MSKSignature(
            host: "a\"b\\c\u{1}\u{1F}é",
            region: "us-east-1",
            credentials: AWSCredentials(accessKeyID: "AKID", secretAccessKey: Secret("s")),
            time: AWSEnvironment.start
        )
        let object = try JSONDecoder().decode([String: String].self, from: Data(signature.payload.bytes))
        #expect(object["host"] == "a\"b\\c\u{1}\u{1F}é")
    }

    @Test(
        "a bearer token is signed for the region's own host",
        arguments: [
            ("us-east-1", "kafka.us-east-1.amazonaws.com"), ("cn-north-1", "kafka.cn-north-1.amazonaws.com.cn"),
            ("eusc-de-east-1", "kafka.eusc-de-east-1.amazonaws.eu"),
        ]
    )
    func host(region: String, expected: String) {
        #expect(MSKSignature.bearerHost(region: region) == expected)
    }

    @Test(
        "a region is found in a broker's name",
        arguments: [
            ("b-1.orders.abc123.c2.kafka.us-east-1.amazonaws.com", "us-east-1"),
            ("boot-x1.c1.kafka-serverless.eu-west-2.amazonaws.com", "eu-west-2"),
            ("B-1.M.K9.C4.KAFKA.CN-NORTH-1.AMAZONAWS.COM.CN", "cn-north-1"),
            ("b-1.m.k9.c4.kafka.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
            ("vpce-0a1.vpce-svc-1.ap-southeast-4.vpce.amazonaws.com", "ap-southeast-4"),
            ("kafka.eu-central-1.example.com", "eu-central-1"),
            ("broker-1.example.com", nil), ("localhost", nil), ("10.0.0.1", nil), ("", nil), ("us--1", nil),
            ("xx-east-1.example", nil), ("us-east-1a.example", nil), ("us-east", nil),
        ] as [(String, String?)]
    )
    func region(host: String, expected: String?) {
        #expect(AWSRegion.named(in: host) == expected)
    }
}
