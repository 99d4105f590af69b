// SPDX-License-Identifier: Apache-2.0
public import KafkaProducer

/// Puts each order and its invoice into Kafka together.
///
/// A producer has one transaction at a time. Orders that come while one is under way wait, and go together into the next.
public actor OrderDesk {
    private let producer: KafkaProducer
    private var waiting: [(order: String, end: CheckedContinuation<Void, any Error>)] = []
    private var isSending = false

    /// A desk whose producer has a `transactional.id`.
    public init(producer: KafkaProducer) { self.producer = producer }

    /// Places an order; returns once it is committed.
    ///
    /// - Throws: `ProducerError` when it is not committed, or not known to be.
    public func place(_ order: String) async throws {
        try await withCheckedThrowingContinuation { end in
            waiting.append((order, end))
            guard !isSending else { return }
            isSending = true
            Task { await sendWaiting() }
        }
    }

    private func sendWaiting() async {
        while !waiting.isEmpty {
            let orders = waiting
            waiting = []
            let result: Result<Void, any Error>
            do {
                try await commit(orders.map(\.order))
                result = .success(())
            } catch {
                result = .failure(error)
            }
            for (_, end) in orders { end.resume(with: result) }
        }
        isSending = false
    }

    private func commit(_ orders: [String]) async throws {
        try await producer.withTransaction { transaction in
            for order in orders {
                // The commit fails if one of them does.
                _ = try await transaction.submit(ProducerRecord(topic: "orders", value: order))
                _ = try await transaction.submit(ProducerRecord(topic: "invoices", value: "invoice for \(order)"))
            }
        }
    }
}
