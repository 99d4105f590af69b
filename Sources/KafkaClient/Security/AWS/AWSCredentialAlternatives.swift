// SPDX-License-Identifier: Apache-2.0

/// Several sources as one: the first that has credentials.
struct AWSCredentialAlternatives: AWSCredentialSource {
    let sources: [any AWSCredentialSource]

    var name: String { "usual sources" }

    func credentials() async throws(AWSFault) -> AWSCredentials {
        try await AWSCredentialChain(sources: sources).find().credentials
    }
}
