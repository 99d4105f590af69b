// SPDX-License-Identifier: Apache-2.0

/// One place where credentials may be found.
protocol AWSCredentialSource: Sendable {
    /// The place, for messages.
    var name: String { get }

    /// Looks for credentials.
    ///
    /// - Throws: When there are none, and why.
    func credentials() async throws(AWSFault) -> AWSCredentials
}
