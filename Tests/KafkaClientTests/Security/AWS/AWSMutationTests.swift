// SPDX-License-Identifier: Apache-2.0
import Mutation
import Testing

@testable import KafkaClient

/// Damaged files of profiles, answers of STS and documents with credentials.
@Suite("Damaged AWS documents")
struct AWSMutationTests {
    private static let trial = MutationTrial("aws")

    @Test("they are read or refused; none traps or takes memory for a lie")
    func documents() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let note = try trial.begin()
        var mutator = trial.mutator
        let inputs = inputs.map { Array($0.utf8) }
        for input in inputs {
            for length in input.indices { take(Array(input[..<length])) }
        }
        for round in 0..<10_000 * MutationTrial.factor {
            note.trying("round \(round)")
            let input = inputs.randomElement(using: &mutator.generator) ?? []
            take(mutator.mutate(input, donor: inputs.randomElement(using: &mutator.generator) ?? []))
        }
    }

    /// Each reader gets everything, also what is not for it.
    private static func take(_ bytes: [UInt8]) {
        for kind in [AWSProfileFile.Kind.config, .credentials] { _ = try? AWSProfileFile(bytes, kind: kind) }
        if let texts = XMLTexts(bytes) { _ = try? AWSSecurityTokenService.credentials(texts, "AssumeRole") }
        _ = AWSCredentialDocument(bytes)?.credentials
        _ = AWSCredentialDocument(cached: bytes)?.credentials
        _ = AWSTime(String(decoding: bytes, as: UTF8.self))?.timestamp
        var mechanism = MSKIAMMechanism(
            MSKSignature(
                host: String(decoding: bytes, as: UTF8.self),
                region: "r",
                credentials: AWSCredentials(accessKeyID: "a", secretAccessKey: Secret("s")),
                time: AWSTime(seconds: Int64(bytes.count))
            )
        )
        _ = try? mechanism.start()
        _ = try? mechanism.respond(to: bytes)
    }

    private static let inputs = [
        "[default]\nregion = a # b\n[profile \"x y\"]\ns3 =\n  k = v\naws_access_key_id=AKID\n; c\n[sso-session s]\n",
        AWSRoleTests.answer("AssumeRole"),
        "<?xml version=\"1.0\"?>\n<ErrorResponse x='y'><Error><Code>A&#x42;&lt;</Code><Message/></Error></ErrorResponse>",
        #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-02T03:04:05.5+01:00"}"#,
        #"{"Credentials":{"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"t","Expiration":"2026-01-02T03:04:05Z"}}"#,
        #"{"version":"2020_10_22","request-id":"r"}"#, "2026-01-02T03:04:05.678Z",
    ]
}
