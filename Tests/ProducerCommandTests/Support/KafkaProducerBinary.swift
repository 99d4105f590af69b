// SPDX-License-Identifier: Apache-2.0

/// The program under test, as a user starts it.
enum KafkaProducerBinary {
    /// Runs `kafka-producer` in an empty folder, so that no settings file of the surroundings is taken.
    ///
    /// - Parameters:
    ///   - arguments: What the user writes after the name.
    ///   - input: Where stdin comes from.
    ///   - limit: How long it may take.
    /// - Returns: What it left.
    /// - Throws: `HarnessError` when it cannot be started or takes too long.
    static func run(
        _ arguments: [String],
        input: ChildProcessInput.Source = .nothing,
        limit: Duration = .seconds(60)
    ) async throws -> FinishedProcess {
        let folder = try TemporaryDirectory()
        return try await ChildProcess.run(
            TestTools.kafkaProducer(),
            arguments,
            input: input,
            directory: folder.path,
            limit: limit
        )
    }

    /// Sends stdin to a topic and insists on status 0.
    static func send(
        _ input: ChildProcessInput.Source,
        to topic: String,
        at bootstrap: String,
        arguments: [String] = []
    ) async throws {
        let words = ["send", "-b", bootstrap, "--topic", topic] + arguments
        let finished = try await run(words, input: input)
        guard finished.status == 0 else {
            throw HarnessError("kafka-producer \(words.joined(separator: " ")): \(finished.description)")
        }
    }
}
