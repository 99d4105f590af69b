// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// The code of "Getting started".
public func getStarted(servers: String, drinks: [String]) async throws -> [Int64?] {
    let settings = PropertySource(name: "code", key: "bootstrap.servers", value: servers)
    var configuration = try ProducerConfiguration(merging: [settings])
    configuration.compression = .zstd()
    let producer = try KafkaProducer(configuration: configuration)

    let metadata = try await producer.send(ProducerRecord(topic: "orders", key: "alice", value: "one coffee"))
    print("stored in partition \(metadata.partition) at offset \(metadata.offset ?? -1)")

    let coffee = try await producer.submit(ProducerRecord(topic: "orders", key: "alice", value: "one coffee"))
    let tea = try await producer.submit(ProducerRecord(topic: "orders", key: "bob", value: "one tea"))
    let offsets = [try await coffee.metadata.offset, try await tea.metadata.offset]

    let results = try await producer.send(contentsOf: drinks.map { ProducerRecord(topic: "orders", value: $0) })
    for (drink, result) in zip(drinks, results) {
        if case .failure(let error) = result { print("\(drink) was not ordered: \(error)") }
    }

    await producer.close()
    return offsets
}
