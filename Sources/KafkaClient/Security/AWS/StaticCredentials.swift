// SPDX-License-Identifier: Apache-2.0

/// Credentials that are written among the options.
struct StaticCredentials: AWSCredentialSource {
    let name: String
    let value: AWSCredentials

    func credentials() async throws(AWSFault) -> AWSCredentials { value }
}
