// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol

/// Why a request got no answer.
package struct RequestFailure: Error, CustomStringConvertible {
    /// What happened.
    package enum Kind: Sendable, Equatable {
        /// The connection takes no requests.
        case notReady
        /// Client and broker have no version of the request in common.
        case unsupportedVersion
        /// The request cannot be written in the version.
        case unencodable
        /// The connection ended.
        case disconnected
        /// `request.timeout.ms` passed.
        case timedOut
        /// The answer cannot be read.
        case undecodable
    }

    /// What happened.
    package let kind: Kind
    /// In words, for a person.
    package let reason: String
    /// Whether all of the request may have reached the broker.
    package var wasWritten = false

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// The error code that stands for it, as Kafka's clients have it.
    package var code: ErrorCode {
        switch kind {
        case .timedOut: .requestTimedOut
        case .unsupportedVersion: .unsupportedVersion
        case .notReady, .unencodable, .disconnected, .undecodable: .networkException
        }
    }

    package var description: String { reason }
}
