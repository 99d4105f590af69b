// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// A request that was sent and not answered.
struct InFlightRequest {
    /// What the answer is for.
    enum Purpose {
        case produce([ProducerBatch])
        case metadata(MetadataRequestScope)
        case initProducerID
        /// An answer of any kind proves that the broker took what was sent before (`acks=0`).
        case confirmation
    }

    var correlationID: Int32 = 0
    /// Counts up over the requests of a connection.
    var ordinal: UInt64 = 0
    /// Whether the system took all of its bytes. Of another one the broker cannot have all, and does nothing about it.
    var isWritten = false
    var sentAt = NIODeadline.uptimeNanoseconds(0)
    let apiKey: APIKey
    let version: Int16
    let deadline: NIODeadline
    let purpose: Purpose
    /// Whether the broker answers it (all but Produce with `acks=0`).
    var isAnswered = true
}
