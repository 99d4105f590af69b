// SPDX-License-Identifier: Apache-2.0

// SaslHandshake: names the mechanism of a login (KIP-43). Never flexible.
//
//  1  tokens travel in SaslAuthenticate; after version 0 they are frames without a header (KIP-152)

/// Asks a broker to log in with a mechanism.
public struct SaslHandshakeRequest: KafkaRequest {
    /// What a broker answers.
    public typealias Response = SaslHandshakeResponse

    /// The API that the message belongs to.
    public static let apiKey = APIKey.saslHandshake
    /// The versions of the Kafka 4.3 client.
    public static let validVersions: ClosedRange<Int16> = 0...1

    /// The mechanism's name, such as `SCRAM-SHA-512`.
    public var mechanism: String

    /// A request for a mechanism.
    public init(mechanism: String) {
        self.mechanism = mechanism
    }

    /// Nothing but defaults.
    public init() {
        self.init(mechanism: "")
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("mechanism", &mechanism)
    }
}

/// Tells whether a broker offers the mechanism, and which ones it offers.
public struct SaslHandshakeResponse: KafkaResponse {
    /// What this answers.
    public typealias Request = SaslHandshakeRequest

    /// How the request went.
    public var errorCode: ErrorCode
    /// The mechanisms that the listener offers; none on a listener without SASL.
    public var mechanisms: [String]

    /// A response with Kafka's defaults for what is not given.
    public init(errorCode: ErrorCode = .none, mechanisms: [String] = []) {
        self.errorCode = errorCode
        self.mechanisms = mechanisms
    }

    /// Nothing but defaults.
    public init() {
        self.init(errorCode: .none)
    }

    /// Leads `coder` through the fields.
    public mutating func fields<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
        try coder.field("errorCode", &errorCode)
        try coder.field("mechanisms", &mechanisms)
    }
}
