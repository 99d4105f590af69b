// SPDX-License-Identifier: Apache-2.0

/// Why a source has no credentials. No text shows a secret.
struct AWSFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What it means for the search.
    enum Kind: Sendable {
        /// The source is not set up: nobody expects credentials of it.
        case absent
        /// The source is set up and does not work.
        case failed
        /// The source is set up and may work in a moment.
        case passing
    }

    /// What it means for the search.
    let kind: Kind
    /// In words that follow the source's name.
    let description: String

    /// Why a source has no credentials.
    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// A server did not answer.
    init(_ url: HTTPURL, _ failure: HTTPFailure) {
        self.init(.passing, "\(url): \(failure)")
    }

    /// A server answered with another status than 200, and perhaps said why.
    init(_ url: HTTPURL, _ answer: HTTPAnswer, _ text: String? = nil) {
        let isPassing = answer.status == 429 || answer.status >= 500
        let words = text.map { " " + ForeignText.shown($0) } ?? ""
        self.init(isPassing ? .passing : .failed, "\(url): \(answer.status)\(words)")
    }
}
