// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import KafkaRecords
import Mutation
import NIOCore
import Testing

@testable import KafkaEmbeddedBroker

/// The broker looks at records with its own eyes, but what it lets in must be readable to others.
@Suite("The walk over records")
struct RecordWalkerTests {
    /// A record of no key, no value and no headers, its number given as it is to be encoded.
    private static func record(timestamp: [UInt8] = [0], offset: [UInt8] = [0], value: [UInt8] = [1]) -> [UInt8] {
        let body: [UInt8] = [0] + timestamp + offset + [1] + value + [0]
        return [UInt8(body.count * 2)] + body
    }

    private static func accepts(_ bytes: [UInt8], count: Int = 1) -> Bool {
        var walker = RecordWalker()
        do throws(RecordWalker.Objection) {
            try walker.walk(bytes.span, count: count)
            return true
        } catch {
            return false
        }
    }

    /// Whether a reader finds so many records in the bytes.
    private static func canRead(_ bytes: [UInt8], count: Int) throws -> Bool {
        let batch = try RecordBatchReader(TestBatch.setting(Int32(count), at: 57, in: try TestBatch.make()))
        return (try? batch.records(decompressed: ByteBuffer(bytes: bytes))) != nil
    }

    private static let continued = [UInt8](repeating: 0x80, count: 9)

    /// Numbers of more bits than they may have were cut off and taken: the batch was acknowledged, and no reader could decode
    /// it.
    @Test(
        "a number that is too long is refused, as readers refuse it",
        arguments: [
            record(timestamp: continued + [0x02]), record(timestamp: continued + [0x80, 0x00]),
            record(offset: Array(continued.prefix(4)) + [0x10]), record(offset: continued + [0x02]),
            record(value: [0x81] + continued.prefix(3) + [0x10]),
            record(value: [0x81] + continued.dropFirst() + [0x02]),
        ]
    )
    func tooLong(bytes: [UInt8]) throws {
        #expect(!Self.accepts(bytes))
    }

    @Test(
        "a number may be as long as it can be",
        arguments: [record(timestamp: continued + [0x01]), record(offset: Array(continued.prefix(4)) + [0x00])]
    )
    func longest(bytes: [UInt8]) throws {
        #expect(Self.accepts(bytes))
        #expect(try Self.canRead(bytes, count: 1))
    }

    @Test("whatever is let in can be read")
    func readable() throws {
        let sound = (Int64(0)..<3).flatMap { number in
            Self.record(timestamp: [UInt8(number * 2)], offset: [UInt8(number * 2)], value: [8, 1, 2, 3, 4])
        }
        var mutator = Mutator(seed: MutationTrial.seed)
        var accepted = 0
        for _ in 0..<20_000 * MutationTrial.factor {
            let damaged = mutator.mutate(sound, donor: sound)
            for count in 1...3 where Self.accepts(damaged, count: count) {
                accepted += 1
                #expect(try Self.canRead(damaged, count: count), "\(damaged)")
            }
        }
        #expect(accepted > 100)
    }
}
