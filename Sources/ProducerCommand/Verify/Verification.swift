// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaReader

/// Reads back what was acknowledged and compares it with what was sent.
struct Verification: Sendable {
    /// How many partitions are read at a time.
    private static let width = 8

    private let configuration: ProducerConfiguration

    /// - Parameter configuration: The settings that the records were sent with.
    init(_ configuration: ProducerConfiguration) { self.configuration = configuration }

    /// Goes to the end, or until the task is cancelled.
    ///
    /// - Parameter content: What was acknowledged.
    /// - Returns: What was found.
    func run(_ content: SentRanges.Content) async -> VerifyResult {
        var result = VerifyResult()
        result.unplaced = content.unplaced
        guard !content.ranges.isEmpty else { return result }
        let partitions = Dictionary(grouping: content.ranges, by: \.place).sorted { $0.key < $1.key }
        do {
            let reader = try await ReaderConnection.reader(configuration)
            var found: [(SentRange.Place, VerifyResult)] = []
            await withTaskGroup(of: (SentRange.Place, VerifyResult).self) { group in
                var rest = partitions[...]
                func add() {
                    guard let (place, ranges) = rest.popFirst() else { return }
                    group.addTask { (place, await compare(RangeComparison(place, ranges), at: place, by: reader)) }
                }
                for _ in 0..<Self.width { add() }
                for await end in group {
                    found.append(end)
                    add()
                }
            }
            await reader.close()
            for (_, part) in found.sorted(by: { $0.0 < $1.0 }) { result.add(part) }
        } catch {
            result.unread += UInt64(partitions.count)
            result.note("nothing can be read back: \(error)")
        }
        return result
    }

    private func compare(
        _ comparison: RangeComparison,
        at place: SentRange.Place,
        by reader: KafkaReader
    ) async -> VerifyResult {
        var comparison = comparison
        do throws(ReaderError) {
            let records = try reader.read(
                place.topic,
                partition: place.partition,
                from: .offset(comparison.start ?? 0),
                isolation: configuration.transactionalID == nil ? .readUncommitted : .readCommitted
            )
            while !comparison.isComplete, let batch = try await records.next() {
                for record in batch { comparison.take(record) }
            }
            comparison.end()
        } catch {
            comparison.failed(error.message)
        }
        return comparison.result
    }
}
