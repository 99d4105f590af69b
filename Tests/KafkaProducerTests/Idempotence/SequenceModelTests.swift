// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

/// Retries, divisions, expiry and new epochs of one partition, in whatever order they come.
@Suite("Sequences by chance")
struct SequenceModelTests {
    private typealias Dangers = SequenceModel.Dangers

    private static let dangers: [Dangers] = [
        Dangers(),
        Dangers(changesConnections: false, expires: false, refuses: false),
        Dangers(retries: 1),
        Dangers(leavesRequestsBehind: false, changesConnections: false, epoch: .max - 1),
        Dangers(retries: 0, breaksConnections: false),
        Dangers(sequence: .max - 20),
        Dangers(inFlight: 32),
        Dangers(expires: false, refuses: false, inFlight: 12),
        Dangers(changesConnections: false, expires: false, refuses: false, inFlight: 32),
        Dangers(retries: 1, inFlight: 9),
        Dangers(leavesRequestsBehind: false, divides: false, inFlight: 7, epoch: .max - 1),
        Dangers(inFlight: 32, sequence: .max - 20),
    ]

    @Test("what is acked is stored once and in order, what failed at most once", arguments: 0..<12)
    func exactlyOnce(kind: Int) throws {
        let dangers = Self.dangers[kind]
        var bumps = 0
        for seed in UInt64(0)..<60 {
            var model = SequenceModel(seed: seed, dangers: dangers)
            defer { model.close() }
            let isOver = try model.run(events: 300)
            try #require(isOver, "seed \(seed): batches are stuck: \(model.unended)")
            let ended = model.acked + model.failed
            #expect(ended.count == model.appended.count && Set(ended) == Set(model.appended), "seed \(seed)")
            #expect(Set(model.log).count == model.log.count, "seed \(seed): stored twice")
            let acked = Set(model.acked)
            #expect(acked.isSubset(of: model.log), "seed \(seed): acked but not stored")
            let order = model.log.filter(acked.contains)
            #expect(order == model.appended.filter(acked.contains), "seed \(seed): out of order")
            bumps += model.bumps
            if !dangers.expires, !dangers.refuses { #expect(model.failed.isEmpty, "seed \(seed)") }
        }
        // What cannot fail needs no new epoch, if requests are judged in their order.
        let mayFail = dangers.expires || dangers.refuses
        #expect(mayFail ? bumps > 0 : bumps == 0 || dangers.changesConnections)
    }
}
