// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation
import Testing

/// A property over random input: whatever the bytes and wherever the chunks end, lines arrive as they were.
@Suite("Interop: random lines in random chunks", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct RandomInputInteropTests {
    @Test("lines of random bytes and lengths arrive as they were", arguments: UInt64(1)...8)
    func survives(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let delimiter: (option: String, bytes: [UInt8]) = [
            ("\\n", [10]), ("\\0", [0]), ("\\t", [9]), ("\\xff", [255]),
        ][Int(seed % 4)]
        let longest = [3, 200, 5000, 300_000][Int.random(in: 0..<4, using: &random)]
        var records: [Data] = []
        var input: [UInt8] = []
        while input.count < 800_000 && records.count < 20_000 {
            // Mostly short, now and then up to the longest, often empty.
            let limit = Int.random(in: 0...4, using: &random) == 0 ? longest : min(longest, 40)
            let line = random.bytes(Int.random(in: 0...limit, using: &random), without: delimiter.bytes[0])
            records.append(Data(line))
            input += line + delimiter.bytes
        }
        if Bool.random(using: &random), records.last?.isEmpty == false { input.removeLast() }

        let cluster = try await MockCluster(topics: ["random": 1])
        let codec = InteropCodec.allCases[Int(seed) % 5]
        try await KafkaProducerBinary.send(
            .slices(slices(of: input, random: &random)),
            to: "random",
            at: cluster.bootstrap,
            arguments: ["-D", delimiter.option, "-z", codec.rawValue]
        )
        let read = try await TopicReader.read("random", from: cluster.bootstrap)
        #expect(read.map(\.value) == records, "seed \(seed)")
    }

    private func slices(of bytes: [UInt8], random: inout SplitMix64) -> [[UInt8]] {
        var slices: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let limit = [1, 10, 1000, 70_000][Int.random(in: 0..<4, using: &random)]
            slices.append(Array(rest.prefix(Int.random(in: 1...limit, using: &random))))
            rest = rest.dropFirst(slices[slices.count - 1].count)
        }
        return slices
    }
}
