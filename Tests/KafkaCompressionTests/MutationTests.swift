// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import Mutation
import Testing

/// Damaged compressed bytes.
@Suite("Damaged compressed bytes")
struct MutationTests {
    private static let trial = MutationTrial("compressed")
    private static let limit = 1 << 20

    @Test("they throw, or give no more bytes than allowed; none traps or takes memory for a lie")
    func compressed() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let samples = [
            Sample(kind: .text, count: 1000), Sample(kind: .text, count: 70_000), Sample(kind: .zeros, count: 200_000),
            Sample(kind: .noise, count: 300), Sample(kind: .noise, count: 0),
        ].map(\.bytes)
        let inputs = try Codec.defaults.map { codec in try samples.map { try codec.compress($0) } }
        let note = try trial.begin()
        var mutator = trial.mutator
        for (codec, sources) in zip(Codec.defaults, inputs) {
            for (number, source) in sources.enumerated() {
                let donor = inputs.flatMap { $0 }.randomElement(using: &mutator.generator) ?? []
                for round in 0..<300 * MutationTrial.factor {
                    note.trying("\(codec.name), sample \(number), round \(round)")
                    let damaged = mutator.mutate(source, donor: donor)
                    for limit in [limit, 100] {
                        guard let bytes = try? codec.name.decompress(damaged, limit: limit) else { continue }
                        guard bytes.count <= limit else { throw CompressionError(codec.name, .limitExceeded(limit)) }
                    }
                }
            }
        }
    }
}
