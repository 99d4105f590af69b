// SPDX-License-Identifier: Apache-2.0

/// Whom a connection with TLS leads to, for the words about its certificate and what is to be done.
package enum TLSPeer: Sendable {
    /// A broker, whose CA is in the producer's `ssl.truststore.*`.
    case broker
    /// The issuer of tokens, whose CA is in options of the login module.
    case tokenEndpoint
    /// A service of AWS, which the system's CAs have signed.
    case service

    /// What it is called.
    var noun: String {
        switch self {
        case .broker: "broker"
        case .tokenEndpoint: "endpoint"
        case .service: "service"
        }
    }

    /// What to do when nobody who is trusted has signed its certificate.
    var trustAdvice: String {
        switch self {
        case .broker: "set ssl.truststore.location to a store with the cluster's CA"
        case .tokenEndpoint: "set ssl.truststore.location to a store with the endpoint's CA"
        case .service: "add its CA to the system's, or find out who answers in the service's place"
        }
    }

    /// What to do when its certificate is for other names.
    var nameAdvice: String {
        switch self {
        case .broker: "name the broker as its certificate does"
        case .tokenEndpoint: "name the endpoint as its certificate does, in sasl.oauthbearer.token.endpoint.url"
        case .service: "find out who answers in the service's place"
        }
    }
}
