// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// The options of IAMLoginModule.
@Suite("MSKIAMOptions")
struct MSKIAMOptionsTests {
    private static func read(_ texts: [String: String]) throws(SecurityRefusal) -> MSKIAMOptions {
        try MSKIAMOptions(texts.mapValues { Secret($0) })
    }

    @Test("nothing is needed")
    func defaults() throws {
        let options = try Self.read([:])
        #expect(options.profileName == nil)
        #expect(options.role == nil)
        #expect(options.hasDefaultSources)
        #expect(!options.tellsIdentity)
        #expect(options.backoff == AWSBackoff())
        #expect(options.notes.isEmpty)
    }

    @Test("all of them")
    func all() throws {
        let options = try Self.read([
            "awsProfileName": "p", "awsRoleArn": "arn:r", "awsRoleSessionName": "s", "awsRoleExternalId": "e",
            "awsRoleAccessKeyId": "AKID", "awsRoleSecretAccessKey": "hunter2", "awsRoleSessionToken": "hunter3",
            "awsStsRegion": "eu-west-1", "awsMaxRetries": "0", "awsMaxBackOffTimeMs": "100",
            "awsAddDefaultProviders": "false", "awsDebugCreds": "TRUE",
        ])
        #expect(options.profileName == "p")
        #expect(options.role?.arn == "arn:r")
        #expect(options.role?.sessionName == "s")
        #expect(options.role?.externalID == Secret("e"))
        let keys = AWSCredentials(
            accessKeyID: "AKID",
            secretAccessKey: Secret("hunter2"),
            sessionToken: Secret("hunter3")
        )
        #expect(options.roleCredentials == keys)
        #expect(options.tokenServiceRegion == "eu-west-1")
        #expect(options.backoff.attempts == 1)
        #expect(options.backoff.longest == .milliseconds(100))
        #expect(!options.hasDefaultSources)
        #expect(options.tellsIdentity)
        #expect(options.notes.isEmpty)
        var dumped = "\(options)"
        dump(options, to: &dumped)
        #expect(!dumped.contains("hunter"))
    }

    @Test("a session has Java's name unless another one is wanted")
    func sessionName() throws {
        #expect(try Self.read(["awsRoleArn": "r"]).role?.sessionName == "aws-msk-iam-auth")
    }

    @Test(
        "values that cannot be used are refused by their names, and not shown",
        arguments: [
            (["awsMaxRetries": "hunter2"], "awsMaxRetries must be a number from 0 to 100"),
            (["awsMaxRetries": "-1"], "awsMaxRetries must be a number from 0 to 100"),
            (["awsMaxBackOffTimeMs": "1e3"], "awsMaxBackOffTimeMs must be a number from 0 to 3600000"),
            (["awsMskRegionProvider": "hunter2"], "awsMskRegionProvider names a Java class"),
            (["awsRoleArn": "r", "awsStsRegion": "hunter2"], "awsStsRegion must be a region such as us-east-1"),
            (
                ["awsRoleArn": "r", "awsRoleAccessKeyId": "hunter2"],
                "awsRoleAccessKeyId and awsRoleSecretAccessKey must be"
            ),
            (
                ["awsRoleArn": "r", "awsRoleSecretAccessKey": "hunter2"],
                "awsRoleAccessKeyId and awsRoleSecretAccessKey must be"
            ),
            (["awsRoleArn": "r", "awsRoleSessionToken": "hunter2"], "awsRoleSessionToken needs awsRoleAccessKeyId"),
            (["awsRoleArn": ""], "awsRoleArn is empty"), (["awsProfileName": ""], "awsProfileName is empty"),
            (["awsDebugCreds": "true", "awsStsRegion": "hunter2"], "awsStsRegion must be a region such as us-east-1"),
            (["awsAddDefaultProviders": "no"], "awsAddDefaultProviders=false needs awsProfileName or awsRoleArn"),
        ] as [([String: String], String)]
    )
    func refusals(texts: [String: String], expected: String) {
        let refusal = #expect(throws: SecurityRefusal.self) { try Self.read(texts) }
        #expect(refusal?.key == "sasl.jaas.config")
        #expect(refusal?.reason.hasPrefix("sasl.jaas.config: IAMLoginModule: \(expected)") == true)
        #expect(refusal?.reason.contains("hunter") == false)
    }

    @Test("options without effect get a note, those that are unknown one without their names")
    func notes() throws {
        #expect(
            try Self.read(["awsRoleExternalId": "e", "awsStsRegion": "r"]).notes
                == ["sasl.jaas.config: without awsRoleArn no effect has awsRoleExternalId, awsStsRegion"]
        )
        let debugged = try Self.read(["awsDebugCreds": "true", "awsStsRegion": "eu-west-1"])
        #expect(debugged.notes.isEmpty && debugged.tokenServiceRegion == "eu-west-1")
        #expect(try Self.read(["awsRoleArn": "r", "awsStsRegion": "aws-global"]).tokenServiceRegion == nil)
        let notes = try Self.read(["hunter2": "x"]).notes
        #expect(notes.first?.hasPrefix("sasl.jaas.config: an option unknown to IAMLoginModule will be ignored") == true)
        #expect(notes.first?.contains("hunter") == false)
    }
}
