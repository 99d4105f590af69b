// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import Synchronization

/// The records of one partition, batch by batch, from ``KafkaReader/read(_:partition:from:to:isolation:)``.
///
/// Call ``next()`` until it returns nil, or iterate over it, from one task at a time. Nothing is fetched before the records
/// fetched last were taken: a caller that takes them slowly is not flooded.
public final class PartitionReader: AsyncSequence, Sendable {
    /// Some records in their order, never none.
    public typealias Element = [ReadRecord]
    /// What ``next()`` throws.
    public typealias Failure = ReaderError

    private let reader: KafkaReader
    /// What was fetched; nil while a task has it.
    private let hand: Mutex<Hand?>

    init(_ machine: PartitionReadMachine, reader: KafkaReader) {
        self.reader = reader
        hand = Mutex(Hand(machine: machine))
    }

    /// The next records, nil when the end of what was to be read is reached. They are of one batch.
    ///
    /// - Throws: `ReaderError` when there are none to be had. The next call tries once more, from the same offset on.
    /// - Returns: At least one record and at most 10,000.
    public func next() async throws(ReaderError) -> [ReadRecord]? {
        let taken = hand.withLock { $0.take() }
        guard var taken else {
            throw ReaderError(.concurrentUse, "another task waits for this partition's records; let one task read it")
        }
        do throws(ReaderError) {
            let records = try await taken.next(from: reader.fetcher)
            putBack(taken)
            return records
        } catch {
            putBack(taken)
            throw error
        }
    }

    private func putBack(_ taken: Hand) { hand.withLock { $0 = taken } }

    /// Iterates over what was not taken yet.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: self) }

    /// Takes one ``next()`` after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let reader: PartitionReader

        /// The next records, nil at the end.
        public func next() async throws(ReaderError) -> [ReadRecord]? { try await reader.next() }

        /// The next records, nil at the end.
        public func next(isolation actor: isolated (any Actor)?) async throws(ReaderError) -> [ReadRecord]? {
            try await reader.next()
        }
    }
}

/// What was fetched of a partition and not taken yet, and where reading stands.
private struct Hand {
    var machine: PartitionReadMachine
    var batches: FetchedBatches?
    /// Where the batches came from.
    var broker: BrokerAddress?

    init(machine: PartitionReadMachine) { self.machine = machine }

    /// Decodes the next records, and fetches when there are none left. Batches are decompressed here, on the thread of the
    /// task that reads, so that connections are not kept waiting.
    mutating func next(from fetcher: Fetcher) async throws(ReaderError) -> [ReadRecord]? {
        while true {
            if let records = try decode() { return records }
            machine.wanted(from: batches?.nextOffset)
            batches = nil
            let outcome = await fetcher.next(machine)
            machine = outcome.machine
            broker = outcome.broker
            guard let fetched = try outcome.result.get() else { return nil }
            batches = fetched
        }
    }

    private mutating func decode() throws(ReaderError) -> [ReadRecord]? {
        do throws(FetchDefect) {
            return try batches?.next()
        } catch {
            // Another try fetches them again.
            machine.wanted(from: batches?.nextOffset)
            machine.abandoned()
            batches = nil
            let place: (topic: String, partition: Int32?) = (machine.plan.topic, machine.plan.partition)
            let message = "records cannot be read from offset \(error.offset) on: \(error.reason)"
            throw ReaderError(.damagedRecords, at: place, broker: broker, message)
        }
    }
}
