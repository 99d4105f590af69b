// SPDX-License-Identifier: Apache-2.0
import KafkaReader

/// Reads the partitions of a topic and prints their records, until the end, a limit, a failure or cancellation.
struct ReadCourse: Sendable {
    /// How many partitions are read at a time when all have an end.
    private static let width = 8

    private let plan: TopicReadPlan
    private let reader: KafkaReader
    private let output: ReadOutput
    private let news: RunNews

    init(_ plan: TopicReadPlan, _ reader: KafkaReader, _ output: ReadOutput, _ news: RunNews) {
        (self.plan, self.reader, self.output, self.news) = (plan, reader, output, news)
    }

    /// Goes to the end.
    ///
    /// - Returns: How many partitions were read, or what kept them from being read.
    func run() async -> Result<Int, ReaderError> {
        await withTaskGroup(of: Result<Int, ReaderError>?.self) { group in
            group.addTask { await watch() }
            group.addTask { await readAll() }
            var result: Result<Int, ReaderError>?
            for await end in group {
                group.cancelAll()
                result = result ?? end
            }
            return result ?? .success(0)
        }
    }

    /// Reports what cannot be reached, and ends when nothing can be printed any more, which a wait for records does not see.
    private func watch() async -> Result<Int, ReaderError>? {
        while !output.hasFailed, (try? await Task.sleep(for: Run.passInterval)) != nil { news.report(Ledger()) }
        return nil
    }

    private func readAll() async -> Result<Int, ReaderError> {
        do throws(ReaderError) {
            let partitions = try await partitions()
            // In turn they come in order, which is what a limit is best with.
            let width = plan.limit != nil && plan.end != .never ? 1 : plan.end == .never ? partitions.count : Self.width
            try await read(partitions, atOnce: max(1, width))
            return .success(partitions.count)
        } catch {
            return .failure(error)
        }
    }

    private func partitions() async throws(ReaderError) -> Range<Int32> {
        if let partition = plan.partition { return partition..<(partition + 1) }
        return 0..<Int32(clamping: try await reader.partitionCount(of: plan.topic))
    }

    private func read(_ partitions: Range<Int32>, atOnce width: Int) async throws(ReaderError) {
        let end = await withTaskGroup(of: Result<Bool, ReaderError>.self) { group in
            var rest = partitions[...]
            for partition in rest.prefix(width) { group.addTask { await read(partition) } }
            rest = rest.dropFirst(width)
            while let result = await group.next() {
                // What is read by then of the others is printed whole.
                guard case .success(true) = result else {
                    group.cancelAll()
                    return result
                }
                if let partition = rest.popFirst() { group.addTask { await read(partition) } }
            }
            return .success(true)
        }
        _ = try end.get()
    }

    /// Reads a partition to its end.
    ///
    /// - Returns: Whether records of others are wanted.
    private func read(_ partition: Int32) async -> Result<Bool, ReaderError> {
        let printer = RecordPrinter(plan, partition: partition)
        do throws(ReaderError) {
            let records = try reader.read(
                plan.topic,
                partition: partition,
                from: plan.start,
                to: plan.end,
                isolation: plan.isolation
            )
            while let batch = try await records.next() {
                guard output.print(batch, by: printer), !output.hasFailed else { return .success(false) }
                await output.room()
            }
            return .success(true)
        } catch {
            return .failure(error)
        }
    }
}
