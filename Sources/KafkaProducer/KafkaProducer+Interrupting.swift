// SPDX-License-Identifier: Apache-2.0

/// Ends of waits, for a caller that must stop.
extension KafkaProducer {
    /// Ends all waits of appenders for memory now: for the thread that must stop reading.
    public func interruptAppenders() {
        accumulator.pool.interruptWaits()
    }

    /// Ends all waits for topics, those that are under way and later ones: for the caller that must stop. They end with
    /// ``ProducerError/Code/interrupted`` and with what was missing. What is known already can still be sent to.
    public func interruptTopicWaits() {
        onSender { $0.interruptTopicWaits() }
    }
}
