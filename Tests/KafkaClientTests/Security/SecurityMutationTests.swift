// SPDX-License-Identifier: Apache-2.0
import Mutation
import Testing

@testable import KafkaClient

/// Damaged configurations and damaged messages of a login.
@Suite("Damaged logins")
struct SecurityMutationTests {
    private static let trial = MutationTrial("logins")

    @Test("they are read or refused; none traps or takes memory for a lie")
    func logins() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let configurations = try JAASVector.all().map { Array($0.config.utf8) }
        let messages = try SCRAMVector.all().flatMap { [$0.serverFirst, $0.serverFinal] }.compactMap { $0?.utf8 }
        let inputs = configurations + messages.map { Array($0) } + [Array(refusal.utf8)]
        let note = try trial.begin()
        var mutator = trial.mutator
        for round in 0..<5000 * MutationTrial.factor {
            note.trying("round \(round)")
            let input = inputs.randomElement(using: &mutator.generator) ?? []
            let bytes = mutator.mutate(input, donor: inputs.randomElement(using: &mutator.generator) ?? [])
            take(bytes)
        }
    }

    /// Each reader gets everything, also what is not for it.
    private static func take(_ bytes: [UInt8]) {
        do throws(JAASError) {
            let configuration = try JAASConfiguration(parsing: String(decoding: bytes, as: UTF8.self))
            _ = "\(configuration)"
            _ = try configuration.loginModule()
        } catch {
            _ = "\(error)"
        }
        _ = ScramServerFirst(bytes)
        _ = ScramServerFinal(bytes)
        _ = "\(OAuthBearerRefusal(bytes).error)"
    }

    private static let refusal = #"{"status":"invalid_token","scope":"a b","openid-configuration":"https://i/x"}"#
}
