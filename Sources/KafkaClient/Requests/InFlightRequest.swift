// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// A request that was sent and has not ended.
struct InFlightRequest {
    /// How a request ends. Each ends once.
    enum End {
        /// The broker answered, with this frame.
        case answered(ByteBuffer, now: NIODeadline)
        /// The answer to a later request proves that the broker took this one, which gets no answer (`acks=0`).
        case confirmed(now: NIODeadline)
        /// No answer will come.
        case failed(RequestFailure)
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
    /// Whether the broker answers it (all but Produce with `acks=0`).
    var isAnswered = true
    /// Reports to the sender of the request how it ended. An answer that cannot be read is not its end: then this is the reason, and the
    /// request fails with its connection.
    let end: (InFlightRequest, End) -> DecodingError?
}
