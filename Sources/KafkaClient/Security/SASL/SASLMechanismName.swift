// SPDX-License-Identifier: Apache-2.0

/// The mechanisms by which one can log in, by the names that brokers know. Upper and lower case matter.
package enum SASLMechanismName: String, CaseIterable, Sendable {
    /// Name and password as they are (RFC 4616).
    case plain = "PLAIN"
    /// A proof of the password (RFC 7677).
    case scramSHA256 = "SCRAM-SHA-256"
    /// A proof of the password, with the longer hash.
    case scramSHA512 = "SCRAM-SHA-512"
    /// A token of somebody whom the broker trusts (RFC 7628).
    case oauthBearer = "OAUTHBEARER"
    /// A signature with keys of AWS.
    case awsMSKIAM = "AWS_MSK_IAM"
    /// A Kerberos ticket.
    case gssapi = "GSSAPI"

    /// What to do when a broker refuses a login.
    var advice: String {
        switch self {
        case .plain, .scramSHA256, .scramSHA512: "correct the name and the password in sasl.jaas.config"
        case .oauthBearer: "see that the token is for this cluster (audience, scope), and that the clocks agree"
        case .awsMSKIAM: "see that the identity has kafka-cluster:Connect, and that this machine's clock is right"
        case .gssapi: "see the principal, and sasl.kerberos.service.name"
        }
    }
}
