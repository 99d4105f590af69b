// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// What SaslAuthenticate is answered.
struct SASLTokenAnswer: Equatable {
    var errorCode = ErrorCode.none
    /// Kafka says the empty text where there is no error.
    var errorMessage = ""
    var token: [UInt8] = []
    /// Milliseconds for which the login holds; 0 for ever.
    var lifetime: Int64 = 0

    /// The answer to a token that nobody waits for.
    static let afterLogin = SASLTokenAnswer(
        errorCode: .illegalSASLState,
        errorMessage: "SaslAuthenticate request received after successful authentication"
    )

    var response: SaslAuthenticateResponse {
        SaslAuthenticateResponse(
            errorCode: errorCode,
            errorMessage: errorMessage,
            authBytes: ByteBuffer(bytes: token),
            sessionLifetimeMs: lifetime
        )
    }
}
