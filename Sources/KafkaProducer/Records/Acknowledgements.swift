// SPDX-License-Identifier: Apache-2.0

/// What becomes of the records of a sequence, in their order; see ``KafkaProducer/acknowledgements(of:limit:)``.
public struct Acknowledgements<Records: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Records.Element == ProducerRecord {
    /// What became of a record.
    public typealias Element = Result<RecordMetadata, ProducerError>

    private let records: Records
    private let limit: Int
    private let producer: KafkaProducer

    init(of records: Records, limit: Int, producer: KafkaProducer) {
        self.records = records
        self.limit = limit
        self.producer = producer
    }

    /// Begins to read the records.
    public func makeAsyncIterator() -> Iterator {
        let line = SubmissionLine(limit: limit)
        let task = Task(name: "acknowledgements") { [records, producer] in
            do {
                for try await record in records {
                    try await line.room()
                    line.append(try await producer.submission(of: record))
                }
                line.finish(nil)
            } catch {
                line.finish(error)
            }
        }
        return Iterator(line, task)
    }

    /// Takes the results of one reading of the records.
    public struct Iterator: AsyncIteratorProtocol {
        private let line: SubmissionLine
        private let end: EndOfTask

        init(_ line: SubmissionLine, _ task: Task<Void, Never>) {
            self.line = line
            end = EndOfTask(task)
        }

        /// The next record's result, once it is known; `nil` after the last one.
        ///
        /// - Throws: what the records throw; ``ProducerError`` of code ``ProducerError/Code/interrupted`` when the task is
        ///   cancelled.
        public mutating func next() async throws -> Element? {
            guard let delivery = try await line.next() else { return nil }
            defer { line.taken() }
            return try await KafkaProducer.result(of: delivery)
        }
    }

    /// Cancels the reading once nobody takes results.
    private final class EndOfTask: Sendable {
        private let task: Task<Void, Never>

        init(_ task: Task<Void, Never>) { self.task = task }

        deinit { task.cancel() }
    }
}
