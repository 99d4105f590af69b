// SPDX-License-Identifier: Apache-2.0

/// Credentials of a role that a token in a file may take: `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN`,
/// `AWS_ROLE_SESSION_NAME`. Kubernetes on AWS sets them.
struct WebIdentityCredentials: AWSCredentialSource {
    private static let sessionName = "kafka-producer"

    private let environment: AWSEnvironment
    private let region: String?
    private let tokenFile: String?
    private let roleARN: String?
    private let sessionName: String

    let name: String

    /// What the environment says.
    init(_ environment: AWSEnvironment, region: String?) {
        self.environment = environment
        self.region = region
        name = "web identity"
        tokenFile = environment["AWS_WEB_IDENTITY_TOKEN_FILE"]
        roleARN = environment["AWS_ROLE_ARN"]
        sessionName = environment["AWS_ROLE_SESSION_NAME"] ?? Self.sessionName
    }

    /// What a profile says.
    init(_ profile: AWSProfile, named profileName: String, _ environment: AWSEnvironment, region: String?) {
        self.environment = environment
        self.region = region
        name = "profile \(ForeignText.shown(profileName))"
        tokenFile = profile["web_identity_token_file"]
        roleARN = profile["role_arn"]
        sessionName = profile["role_session_name"] ?? Self.sessionName
    }

    func credentials() async throws(AWSFault) -> AWSCredentials {
        guard let tokenFile else { throw AWSFault(.absent, "AWS_WEB_IDENTITY_TOKEN_FILE is not set") }
        guard let roleARN else { throw AWSFault(.failed, "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not") }
        // The file is read each time: whoever wrote it writes it anew before its token ends.
        let path = environment.expanded(tokenFile)
        guard let bytes = try environment.file(path) else { throw AWSFault(.failed, "there is no file \(path)") }
        let token = String(decoding: bytes, as: UTF8.self).trimmingBlanks
        guard !token.isEmpty else { throw AWSFault(.failed, "\(path) is empty") }
        let role = AWSSecurityTokenService.Role(arn: roleARN, sessionName: sessionName)
        return try await AWSSecurityTokenService(environment, region: region).assume(role, withToken: Secret(token))
    }
}
