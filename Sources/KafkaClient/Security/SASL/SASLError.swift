// SPDX-License-Identifier: Apache-2.0

/// Why a mechanism cannot begin or go on with a login. No text shows a secret.
package enum SASLError: Error, Equatable, Sendable {
    /// Name, password or token are missing or have a character that cannot be sent.
    case credentials(String)
    /// A token came that does not belong to this point of the login.
    case unexpectedToken(SASLMechanismName)
    /// A message of the broker's is none of the mechanism.
    case malformed(SASLMechanismName, String)
    /// The broker's nonce does not begin with the client's: the answer belongs to another login.
    case foreignNonce
    /// The broker asks for so few rounds of hashing that a listener could guess the password.
    case tooFewIterations(Int, SASLMechanismName)
    /// The broker asks for so many rounds of hashing that the client would hang.
    case tooManyIterations(Int, SASLMechanismName)
    /// The broker does not know the password itself, so that it may be another one.
    case serverSignature
    /// The broker refuses the login, in its own words.
    case refused(SASLMechanismName, String)
}

extension SASLError: CustomStringConvertible {
    /// One line, to follow the broker's name.
    package var description: String {
        switch self {
        case .credentials(let text):
            text
        case .unexpectedToken(let name):
            "the broker goes on with the \(name.rawValue) login at a point where it may not"
        case .malformed(let name, let text):
            "the broker's \(name.rawValue) message cannot be read: \(text)"
        case .foreignNonce:
            "the broker's SCRAM nonce does not begin with the client's: its answer belongs to another login"
        case .tooFewIterations(let count, let name):
            "the broker asks for \(count) iterations of \(name.rawValue), fewer than the "
                + "\(ScramMechanism.iterations.lowerBound) that are safe: store the user's password again with more"
        case .tooManyIterations(let count, let name):
            "the broker asks for \(count) iterations of \(name.rawValue), more than "
                + "\(ScramMechanism.iterations.upperBound): store the user's password again with fewer"
        case .serverSignature:
            "the broker does not know the password itself: its SCRAM signature is wrong"
        case .refused(let name, let text):
            "the broker refused the \(name.rawValue) login: \(text)"
        }
    }
}
