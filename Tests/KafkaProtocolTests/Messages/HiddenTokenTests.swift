// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing

/// Tokens of a login hold passwords.
@Suite("Hidden tokens")
struct HiddenTokenTests {
    private static let token = ByteBuffer(string: "\u{0}alice\u{0}alice-secret")

    @Test(
        "no text of a message shows its token",
        arguments: [
            SaslAuthenticateRequest(authBytes: token), SaslAuthenticateResponse(authBytes: token),
        ] as [any KafkaMessage]
    )
    func hidden(message: any KafkaMessage) {
        var dumped = ""
        dump(message, to: &dumped)
        for text in ["\(message)", String(reflecting: message), String(describing: [message]), dumped] {
            #expect(!text.contains("alice") && !text.contains("616c696365"), "\(text)")
            #expect(text.contains("[hidden]"))
        }
    }

    @Test("what a broker says of a login is shown")
    func shown() {
        let response = SaslAuthenticateResponse(
            errorCode: .saslAuthenticationFailed,
            errorMessage: "Authentication failed",
            sessionLifetimeMs: 7
        )
        #expect(
            "\(response)" == "SaslAuthenticateResponse(errorCode: SASL_AUTHENTICATION_FAILED, "
                + "errorMessage: Authentication failed, authBytes: [hidden], sessionLifetimeMs: 7)"
        )
    }
}
