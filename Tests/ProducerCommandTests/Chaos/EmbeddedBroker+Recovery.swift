// SPDX-License-Identifier: Apache-2.0
import KafkaEmbeddedBroker

extension EmbeddedBroker {
    /// Takes all faults away, brings all brokers back, and lets followers fetch.
    ///
    /// Consumers see a record once all in sync have it. With `acks=1` it is acknowledged before, so that after a run whose
    /// followers were down none of its last records may be seen yet.
    ///
    /// - Parameter brokers: How many there are.
    /// - Throws: When a port was taken by another program.
    func recover(brokers: Int) async throws {
        try await clearFaults()
        try await heal()
        for node in 1...brokers {
            try await thaw(node: node)
            try await start(node: node)
        }
        try await replicate()
    }
}
