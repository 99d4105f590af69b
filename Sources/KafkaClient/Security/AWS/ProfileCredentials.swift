// SPDX-License-Identifier: Apache-2.0
import Crypto

/// Credentials of a profile: keys that are written there, of a program, of a role, or those that a login by SSO left.
struct ProfileCredentials: AWSCredentialSource {
    private let profileName: String
    private let environment: AWSEnvironment

    /// A profile; without a name the one of `AWS_PROFILE`, or `default`.
    init(_ environment: AWSEnvironment, named name: String? = nil) {
        self.environment = environment
        profileName = name ?? environment["AWS_PROFILE"] ?? "default"
    }

    var name: String { "profile \(ForeignText.shown(profileName))" }

    func credentials() async throws(AWSFault) -> AWSCredentials {
        // The files are read each time: keys in them may have changed.
        let profiles = try AWSProfiles(environment)
        guard profiles[profileName] != nil else { throw AWSFault(.absent, "it is not in \(profiles.origin)") }
        return try await source(profileName, profiles, behind: []).credentials()
    }

    /// Where the credentials of a profile come from.
    private func source(
        _ name: String,
        _ profiles: AWSProfiles,
        behind trail: [String]
    ) throws(AWSFault) -> any AWSCredentialSource {
        let shown = ForeignText.shown(name)
        guard let profile = profiles[name] else {
            throw AWSFault(.failed, "source_profile \(shown) is not in \(profiles.origin)")
        }
        guard !trail.contains(name) else { throw AWSFault(.failed, "the source_profile of \(shown) leads back to it") }
        let region = profile["region"] ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
        if profile["role_arn"] != nil, profile["web_identity_token_file"] != nil {
            return WebIdentityCredentials(profile, named: name, environment, region: region)
        }
        if profile["sso_role_name"] != nil || profile["sso_account_id"] != nil {
            return StaticCredentials(name: "profile \(shown)", value: try cached(profile, name))
        }
        if let arn = profile["role_arn"] {
            return try role(arn, profile, region, base: base(name, profile, profiles, behind: trail))
        }
        if let command = profile["credential_process"] {
            return ProcessCredentials(name: "profile \(shown)", command: command, environment: environment)
        }
        return try keys(profile, name)
    }

    private func keys(_ profile: AWSProfile, _ name: String) throws(AWSFault) -> StaticCredentials {
        let shown = ForeignText.shown(name)
        guard let id = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] else {
            throw AWSFault(
                .failed,
                "profile \(shown) has none of aws_access_key_id with aws_secret_access_key, credential_process, role_arn "
                    + "and sso_session"
            )
        }
        return StaticCredentials(
            name: "profile \(shown)",
            value: AWSCredentials(
                accessKeyID: id,
                secretAccessKey: Secret(secret),
                sessionToken: profile["aws_session_token"].map { Secret($0) }
            )
        )
    }

    // MARK: Roles

    private func role(
        _ arn: String,
        _ profile: AWSProfile,
        _ region: String?,
        base: any AWSCredentialSource
    ) throws(AWSFault) -> AssumedRoleCredentials {
        guard profile["mfa_serial"] == nil else {
            throw AWSFault(
                .failed,
                "mfa_serial is not supported, since nobody can type the code; use credential_process"
            )
        }
        let role = AWSSecurityTokenService.Role(
            arn: arn,
            sessionName: profile["role_session_name"] ?? "kafka-producer",
            externalID: profile["external_id"].map { Secret($0) },
            duration: profile["duration_seconds"]
        )
        return AssumedRoleCredentials(
            service: AWSSecurityTokenService(environment, region: region),
            role: role,
            base: base
        )
    }

    /// Whose credentials take the role of a profile.
    private func base(
        _ name: String,
        _ profile: AWSProfile,
        _ profiles: AWSProfiles,
        behind trail: [String]
    ) throws(AWSFault) -> any AWSCredentialSource {
        switch (profile["source_profile"], profile["credential_source"]) {
        case (let source?, nil):
            // A profile may take its role with keys of its own.
            guard source != name else { return try keys(profile, name) }
            return try self.source(source, profiles, behind: trail + [name])
        case (nil, "Environment"): return EnvironmentCredentials(environment: environment)
        case (nil, "Ec2InstanceMetadata"): return InstanceCredentials(environment: environment)
        case (nil, "EcsContainer"): return ContainerCredentials(environment: environment)
        case (nil, .some):
            throw AWSFault(.failed, "credential_source must be Environment, Ec2InstanceMetadata or EcsContainer")
        case (nil, nil):
            throw AWSFault(.failed, "profile \(ForeignText.shown(name)) has a role_arn and no source_profile")
        case (.some, .some):
            throw AWSFault(.failed, "profile \(ForeignText.shown(name)) has both source_profile and credential_source")
        }
    }

    // MARK: SSO

    /// What AWS's command line program keeps: the credentials of the role, in a file that is named for what they are of.
    private func cached(_ profile: AWSProfile, _ name: String) throws(AWSFault) -> AWSCredentials {
        guard let account = profile["sso_account_id"], let role = profile["sso_role_name"],
            let session = profile["sso_session"] ?? profile["sso_start_url"]
        else { throw AWSFault(.failed, "it needs sso_account_id, sso_role_name and sso_session") }
        let key = profile["sso_session"] == nil ? "startUrl" : "sessionName"
        let members = [("accountId", account), ("roleName", role), (key, session)].sorted { $0.0 < $1.0 }
        let text = "{" + members.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",") + "}"
        let file = AWSSigner.hex(Insecure.SHA1.hash(data: Array(text.utf8)))
        let document = try environment.file(environment.expanded("~/.aws/cli/cache/\(file).json"))
            .flatMap { AWSCredentialDocument(cached: $0) }
        guard let credentials = document?.credentials, credentials.expiration.map({ $0 > environment.now() }) ?? true
        else {
            let word = ShellCommand.quoted(ForeignText.shown(name))
            throw AWSFault(
                .failed,
                "there are no valid credentials of its login by SSO; run: aws sso login --profile \(word) && "
                    + "aws sts get-caller-identity --profile \(word)"
            )
        }
        return credentials
    }
}
