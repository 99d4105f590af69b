// SPDX-License-Identifier: Apache-2.0
import Configuration
import KafkaProducer

// Lines from stdin into the topic that the first argument names. Each line of the output says how many are stored.

/// The lines of stdin, read when they are asked for.
struct Lines: AsyncSequence, Sendable {
    struct Iterator: AsyncIteratorProtocol {
        let topic: String

        mutating func next() async -> ProducerRecord? { readLine().map { ProducerRecord(topic: topic, value: $0) } }
    }

    let topic: String

    func makeAsyncIterator() -> Iterator { Iterator(topic: topic) }
}

let topic = CommandLine.arguments.dropFirst().first ?? "lines"
let reader = ConfigReader(provider: EnvironmentVariablesProvider())
let producer = try KafkaProducer(configuration: ProducerConfiguration(reading: reader.scoped(to: "kafka")))
var stored = 0
for try await result in producer.acknowledgements(of: Lines(topic: topic), limit: 10_000) {
    _ = try result.get()
    stored += 1
    if stored % 1000 == 0 { print(stored) }
}
print(stored)
await producer.close()
