// SPDX-License-Identifier: Apache-2.0
public import NIOCore

// SaslAuthenticate: carries the tokens of a login, one each way, until the mechanism is done (KIP-152).
//
//  1  sessionLifetimeMs, after which a client logs in again (KIP-368)
//  2  flexible
//
// Tokens may hold a password in plain text: no text of these messages shows them.

/// Hands a broker the client's next token.
public struct SaslAuthenticateRequest: KafkaRequest, CustomStringConvertible, CustomReflectable {
    /// What a broker answers.
    public typealias Response = SaslAuthenticateResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.saslAuthenticate
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...2

    /// The token, as the mechanism made it.
    public var authBytes: ByteBuffer

    /// A request with a token.
    public init(authBytes: ByteBuffer) {
        self.authBytes = authBytes
    }

    /// Nothing but defaults.
    public init() {
        self.init(authBytes: ByteBuffer())
    }

    /// The name of the message, without the token.
    public var description: String { "SaslAuthenticateRequest(authBytes: [hidden])" }

    /// What `dump` shows: no token.
    public var customMirror: Mirror { Mirror(self, children: ["authBytes": "[hidden]"]) }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("authBytes", &authBytes)
    }
}

/// Hands a client the broker's next token, or says that the login failed.
public struct SaslAuthenticateResponse: KafkaResponse, CustomStringConvertible, CustomReflectable {
    /// What this answers.
    public typealias Request = SaslAuthenticateRequest

    /// How the request went.
    public var errorCode: ErrorCode
    /// The broker's words about the error, or null; an empty text without an error.
    public var errorMessage: String?
    /// The token, as the mechanism made it.
    public var authBytes: ByteBuffer
    /// Milliseconds after which the broker wants another login on this connection, or 0 for never.
    public var sessionLifetimeMs: Int64

    /// A response with Kafka's defaults for what is not given.
    public init(
        errorCode: ErrorCode = .none,
        errorMessage: String? = "",
        authBytes: ByteBuffer = ByteBuffer(),
        sessionLifetimeMs: Int64 = 0
    ) {
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.authBytes = authBytes
        self.sessionLifetimeMs = sessionLifetimeMs
    }

    /// Nothing but defaults.
    public init() {
        self.init(errorCode: .none)
    }

    /// The fields, without the token.
    public var description: String {
        "SaslAuthenticateResponse(errorCode: \(errorCode), errorMessage: \(errorMessage ?? "null"), "
            + "authBytes: [hidden], sessionLifetimeMs: \(sessionLifetimeMs))"
    }

    /// What `dump` shows: no token.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "errorCode": errorCode, "errorMessage": errorMessage ?? "null", "authBytes": "[hidden]",
                "sessionLifetimeMs": sessionLifetimeMs,
            ]
        )
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("errorCode", &errorCode)
        try coder.field("errorMessage", &errorMessage)
        try coder.field("authBytes", &authBytes)
        try coder.field("sessionLifetimeMs", &sessionLifetimeMs, since: 1)
    }
}
