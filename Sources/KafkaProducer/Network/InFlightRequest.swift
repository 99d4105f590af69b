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
    }

    var correlationID: Int32 = 0
    var sentAt = NIODeadline.uptimeNanoseconds(0)
    let apiKey: APIKey
    let version: Int16
    let deadline: NIODeadline
    let purpose: Purpose
}
