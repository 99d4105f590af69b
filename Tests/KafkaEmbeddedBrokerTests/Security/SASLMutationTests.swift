// SPDX-License-Identifier: Apache-2.0
import Mutation
import Testing

@testable import KafkaEmbeddedBroker

/// Damaged tokens of all mechanisms, to the values that read them.
@Suite("Damaged tokens")
struct SASLMutationTests {
    private static let trial = MutationTrial("sasl-tokens")
    private static let perSample = 2000

    @Test("they are refused, or read for what they say; none traps, takes memory for a lie, or logs another one in")
    func tokens() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static let samples: [[UInt8]] = [
        "\0alice\0secret", "n,,n=alice,r=abcdef", "n,a=al=2Cice,n=al=2Cice,r=abc,tokenauth=true",
        "c=biws,r=abcdefghijkl,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "n,,\u{1}auth=Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsImV4cCI6MTcwMDAwMDA2MH0.\u{1}k=v\u{1}\u{1}",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsImV4cCI6MTcwMDAwMDA2MH0.",
        "{\"a\":[1,-2.5e3,true,null,{\"b\":\"x\\u00e9\\ud83d\\ude00\"}]}",
    ].map { Array($0.utf8) }

    private static func run() throws {
        let note = try trial.begin()
        var mutator = trial.mutator
        let users = SASLUsers(["alice": "secret"])
        for (number, sample) in samples.enumerated() {
            for round in 0..<perSample * MutationTrial.factor {
                let donor = samples.randomElement(using: &mutator.generator) ?? []
                let bytes = mutator.mutate(sample, donor: donor)
                note.trying("sample \(number), round \(round)")
                try read(bytes, users)
            }
        }
    }

    private static func read(_ bytes: [UInt8], _ users: SASLUsers) throws {
        if case .complete(_, let identity)? = try? PlainServer(users: users).received(bytes), identity.name != "alice" {
            throw Failure(description: "PLAIN logs in \(identity.name)")
        }
        var scram = ScramServer(.sha256, users: users)
        if case .complete? = try? scram.received(bytes) { throw Failure(description: "SCRAM is over at once") }
        _ = try? scram.received(bytes)
        var bearer = OAuthBearerServer()
        _ = try? bearer.received(bytes, at: 1_700_000_000_000)
        _ = ScramClientFirst(bytes)
        _ = ScramClientFinal(bytes)
        _ = try? UnsecuredToken(bytes, at: 1_700_000_000_000)
        _ = JSONObject(bytes)
        if let decoded = Base64Text.decode(bytes), Base64Text.decode(Base64Text.encode(decoded)) != decoded {
            throw Failure(description: "base64 changes on the way")
        }
        _ = Base64Text.decode(bytes, forURLs: true)
    }

    /// A value that does not keep its word.
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
