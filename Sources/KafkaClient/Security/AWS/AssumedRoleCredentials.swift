// SPDX-License-Identifier: Apache-2.0

/// Credentials of a role that other credentials may take.
struct AssumedRoleCredentials: AWSCredentialSource {
    let service: AWSSecurityTokenService
    let role: AWSSecurityTokenService.Role
    /// Whose credentials take the role.
    let base: any AWSCredentialSource

    var name: String { "role \(ForeignText.shown(role.arn))" }

    func credentials() async throws(AWSFault) -> AWSCredentials {
        try await service.assume(role, with: try await base.credentials())
    }
}
