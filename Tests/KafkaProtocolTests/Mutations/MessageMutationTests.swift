// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Mutation
import NIOCore
import Testing
import Vectors

/// Damaged messages, in every version and both directions.
@Suite("Damaged messages")
struct MessageMutationTests {
    private static let trial = MutationTrial("messages")
    private static let perMessage = 60

    @Test("they throw, or decode to what is encoded and decoded unchanged; none traps or takes memory for a lie")
    func messages() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let vectors = try MessageVectors.load().map { ($0.entry, $0.type, bytes: [UInt8](hex: $0.entry.hex)) }
        let note = try trial.begin()
        var mutator = trial.mutator
        for (number, (entry, type, whole)) in vectors.enumerated() {
            for round in 0..<perMessage * MutationTrial.factor {
                let donor = vectors[Int.random(in: vectors.indices, using: &mutator.generator)]
                let bytes = mutator.mutate(whole, donor: donor.bytes)
                note.trying("vector \(number) (\(entry.testDescription)), round \(round)")
                try decode(bytes, as: type, version: entry.version)
                // As what it is not: of another version, or another message.
                try decode(bytes, as: type, version: Int16.random(in: type.validVersions, using: &mutator.generator))
                let version = Int16.random(in: donor.1.validVersions, using: &mutator.generator)
                try decode(bytes, as: donor.1, version: version)
                if entry.kind == "request" {
                    var frame = ByteBuffer(bytes: bytes)
                    _ = try? RequestHeader(decoding: &frame)
                }
            }
        }
    }

    private static func decode<Message: KafkaMessage>(_ bytes: [UInt8], as: Message.Type, version: Int16) throws {
        var body = ByteBuffer(bytes: bytes)
        guard let message = try? Message(decoding: &body, version: version) else { return }
        var encoded = ByteBuffer()
        try message.encode(into: &encoded, version: version)
        guard try Message(decoding: &encoded, version: version) == message else {
            throw Failure(description: "\(Message.self) v\(version) changes when it is encoded again: \(bytes)")
        }
    }

    /// A decoder that does not keep its word.
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
