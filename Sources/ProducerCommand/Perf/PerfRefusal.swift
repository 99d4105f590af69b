// SPDX-License-Identifier: Apache-2.0
import KafkaProducer

/// Why nothing could be measured: the cluster or its topic is not there.
struct PerfRefusal: Error {
    let error: ProducerError
    /// Whether any broker could be connected to.
    let hasConnected: Bool
}
