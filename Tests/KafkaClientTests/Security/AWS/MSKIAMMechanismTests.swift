// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The exchange of AWS_MSK_IAM.
@Suite("MSKIAMMechanism")
struct MSKIAMMechanismTests {
    private static let signature = MSKSignature(
        host: "b-1.kafka.us-east-1.amazonaws.com",
        region: "us-east-1",
        credentials: AWSCredentials(
            accessKeyID: "AKID",
            secretAccessKey: Secret("hunter2"),
            sessionToken: Secret("hunter3")
        ),
        time: AWSEnvironment.start
    )

    @Test("one token is sent, and the answer names the request")
    func success() throws {
        var mechanism = MSKIAMMechanism(Self.signature)
        #expect(try mechanism.start() == Self.signature.payload)
        #expect(try mechanism.respond(to: Array(#"{"version":"2020_10_22","request-id":"r"}"#.utf8)) == .done)
        #expect(throws: SASLError.unexpectedToken(.awsMSKIAM)) { try mechanism.respond(to: []) }
    }

    @Test("the broker may not begin, and the client begins once")
    func order() throws {
        var mechanism = MSKIAMMechanism(Self.signature)
        #expect(throws: SASLError.unexpectedToken(.awsMSKIAM)) { try mechanism.respond(to: []) }
        _ = try mechanism.start()
        #expect(throws: SASLError.unexpectedToken(.awsMSKIAM)) { try mechanism.start() }
    }

    @Test(
        "an answer without version and request is a failure",
        arguments: [
            ("", "its answer is empty"), ("{", "it is no JSON object"), ("[]", "it is no JSON object"),
            (#"{"version":"2020_10_22"}"#, "it is no JSON object with version and request-id"),
            (#"{"version":"2021\u001b","request-id":"r"}"#, "its version is 2021?, not 2020_10_22"),
        ]
    )
    func failure(answer: String, expected: String) throws {
        var mechanism = MSKIAMMechanism(Self.signature)
        _ = try mechanism.start()
        let error = #expect(throws: SASLError.self) { try mechanism.respond(to: Array(answer.utf8)) }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }

    @Test("nothing shows the keys")
    func hidden() {
        let mechanism = MSKIAMMechanism(Self.signature)
        var dumped = "\(mechanism)"
        dump(mechanism, to: &dumped)
        #expect(!dumped.contains("hunter"))
    }
}
