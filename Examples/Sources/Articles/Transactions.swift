// SPDX-License-Identifier: Apache-2.0
public import KafkaProducer

/// What "Transactions" sends.
public struct Order: Sendable {
    /// Which order it is.
    public var id: String
    /// What is ordered.
    public var text: String
    /// What it costs.
    public var price: String

    /// An order.
    public init(id: String, text: String, price: String) { (self.id, self.text, self.price) = (id, text, price) }
}

/// The code of "Transactions".
public func sendTogether(_ order: Order, with producer: KafkaProducer) async throws {
    try await producer.withTransaction { transaction in
        try await transaction.send(ProducerRecord(topic: "orders", key: order.id, value: order.text))
        try await transaction.send(ProducerRecord(topic: "invoices", key: order.id, value: order.price))
    }
}
