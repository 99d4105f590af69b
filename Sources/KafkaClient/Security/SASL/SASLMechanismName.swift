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
}
