// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// How much is read at once, and for how long it is tried.
struct ReadLimits: Sendable {
    /// Bytes that a batch may have once it is decompressed.
    let batchBytes: Int
    /// How long a topic or partition may be unknown.
    let topicTimeout: Duration
    /// How long failures in a row may last.
    let timeout: Duration
    /// The waits between them.
    let backoff: ExponentialBackoff

    init(_ configuration: ReaderConfiguration) {
        batchBytes = configuration.batchBytes
        topicTimeout = configuration.topicTimeout
        timeout = configuration.timeout
        backoff = ExponentialBackoff(
            initial: configuration.client.retryBackoff,
            maximum: configuration.client.retryBackoffMax
        )
    }
}
