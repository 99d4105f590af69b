// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// What SaslHandshake is answered.
struct SASLHandshakeAnswer: Equatable {
    let errorCode: ErrorCode
    /// What the listener offers.
    let mechanisms: [String]

    var response: SaslHandshakeResponse {
        SaslHandshakeResponse(errorCode: errorCode, mechanisms: mechanisms)
    }
}
