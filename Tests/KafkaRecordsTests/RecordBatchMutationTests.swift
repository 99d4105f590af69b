// SPDX-License-Identifier: Apache-2.0
import KafkaCompression
import KafkaProtocol
import KafkaRecords
import Mutation
import NIOCore
import Testing
import Vectors

/// Damaged record batches of every codec.
@Suite("Damaged record batches")
struct RecordBatchMutationTests {
    private static let trial = MutationTrial("batches")
    private static let limit = 4 << 20

    @Test("they throw, or are read to their end; none traps or takes memory for a lie")
    func batches() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let vectors = try RecordBatchVectors.load().map(\.bytes)
        let note = try trial.begin()
        var mutator = trial.mutator
        for (number, bytes) in vectors.enumerated() {
            for round in 0..<max(10, 200_000 / (bytes.count + 2000)) * MutationTrial.factor {
                note.trying("vector \(number), round \(round)")
                let donor = vectors[Int.random(in: vectors.indices, using: &mutator.generator)]
                var damaged = mutator.mutate(bytes, donor: donor)
                read(damaged)
                // The checksum keeps most damage from what lies behind it, unless it is made to fit.
                mend(&damaged)
                read(damaged)
                read(damaged + donor)
            }
        }
    }

    private static func read(_ bytes: [UInt8]) {
        var splitter = RecordBatchSplitter(ByteBuffer(bytes: bytes))
        while let batch = try? splitter.next() {
            _ = try? batch.decompressedRecords(limit: limit)
            // Also what no codec has touched, with a count that may lie.
            _ = try? batch.records(decompressed: batch.recordsSection)
            guard var iterator = try? batch.makeIterator() else { continue }
            while (try? iterator.skip()) == true {}
        }
    }

    /// Gives a batch the length and the checksum of its bytes.
    private static func mend(_ bytes: inout [UInt8]) {
        guard bytes.count > 21 else { return }
        store(UInt32(bytes.count - 12), in: &bytes, at: 8)
        bytes[16] = 2
        store(CRC32C.checksum(of: unsafe bytes.span.bytes.extracting(droppingFirst: 21)), in: &bytes, at: 17)
    }

    private static func store(_ number: UInt32, in bytes: inout [UInt8], at place: Int) {
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32(index))) }
    }
}
