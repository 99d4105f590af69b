// SPDX-License-Identifier: Apache-2.0

/// Why a login failed.
enum SASLFailure: Error, Equatable {
    /// The client is told these words.
    case told(String)
    /// The client is told Kafka's general words, which do not say whether there is such a user; the log says these, which
    /// hold no secret.
    case general(reason: String)

    /// For the log.
    var reason: String {
        switch self {
        case .told(let words): words
        case .general(let reason): reason
        }
    }
}
