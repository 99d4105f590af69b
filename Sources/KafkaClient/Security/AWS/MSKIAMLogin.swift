// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Logs in to Amazon MSK with credentials of AWS: by AWS_MSK_IAM, or by OAUTHBEARER with a token that is signed here.
///
/// Each connection gets a signature of its own, made when it logs in. Nothing works in the background: credentials that
/// end are looked up again by the login that finds them near their end.
package struct MSKIAMLogin: ClientLogin {
    /// AWS_MSK_IAM or OAUTHBEARER.
    package let mechanism: SASLMechanismName
    /// What to tell the user at the start.
    package let notes: [String]
    /// Whose the credentials are, once it is known. With the option `awsDebugCreds` it is asked for.
    package var user: String? { identity.text.withLock { $0 } }

    private let environment: AWSEnvironment
    private let profileName: String?
    private let tellsIdentity: Bool
    private let tokenServiceRegion: String?
    private let keeper: AWSCredentialKeeper
    private let identity = Identity()

    private final class Identity: Sendable {
        let text = Mutex<String?>(nil)
    }

    /// Reads the options of `sasl.jaas.config`. Nothing is looked up yet.
    ///
    /// - Parameters:
    ///   - options: The options of `software.amazon.msk.auth.iam.IAMLoginModule`, or those of `OAuthBearerLoginModule` with
    ///     `software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler`: `awsProfileName`, `awsRoleArn`,
    ///     `awsRoleSessionName`, `awsRoleExternalId`, `awsRoleAccessKeyId`, `awsRoleSecretAccessKey`,
    ///     `awsRoleSessionToken`, `awsStsRegion`, `awsMaxRetries`, `awsMaxBackOffTimeMs`, `awsAddDefaultProviders`,
    ///     `awsDebugCreds`.
    ///   - asBearerToken: Whether the login is by OAUTHBEARER.
    ///   - environment: Variables, clock and network; by default those of this process.
    /// - Throws: For options that cannot be honoured, and values that cannot be used.
    package init(
        options: [String: Secret],
        asBearerToken: Bool = false,
        environment: AWSEnvironment = AWSEnvironment()
    ) throws(SecurityRefusal) {
        let options = try MSKIAMOptions(options)
        mechanism = asBearerToken ? .oauthBearer : .awsMSKIAM
        notes = options.notes
        profileName = options.profileName
        tellsIdentity = options.tellsIdentity
        tokenServiceRegion = options.tokenServiceRegion
        self.environment = environment
        let chain = AWSCredentialChain(sources: Self.sources(options, environment))
        keeper = AWSCredentialKeeper(chain, backoff: options.backoff, environment: environment)
    }

    private static func sources(
        _ options: MSKIAMOptions,
        _ environment: AWSEnvironment
    ) -> [any AWSCredentialSource] {
        let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
        let usual: [any AWSCredentialSource] = [
            EnvironmentCredentials(environment: environment),
            WebIdentityCredentials(environment, region: region),
            ProfileCredentials(environment),
            ContainerCredentials(environment: environment),
            InstanceCredentials(environment: environment),
        ]
        var sources: [any AWSCredentialSource] = []
        if let name = options.profileName { sources.append(ProfileCredentials(environment, named: name)) }
        if let role = options.role {
            let own = options.roleCredentials.map { StaticCredentials(name: "awsRoleAccessKeyId", value: $0) }
            sources.append(
                AssumedRoleCredentials(
                    service: AWSSecurityTokenService(environment, region: options.tokenServiceRegion),
                    role: role,
                    base: own ?? AWSCredentialAlternatives(sources: usual)
                )
            )
        }
        return options.hasDefaultSources ? sources + usual : sources
    }

    /// Looks for credentials.
    package func prepare() async throws(LoginError) {
        let credentials = try await credentials()
        guard tellsIdentity else { return }
        do throws(AWSFault) {
            let usual = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
            let region = tokenServiceRegion ?? usual
            let arn = try await AWSSecurityTokenService(environment, region: region).identity(of: credentials)
            identity.text.withLock { $0 = arn }
        } catch {
            // As in Java it is no reason not to log in: the service may be out of reach, or not permitted.
            identity.text.withLock { $0 = "somebody unknown (awsDebugCreds: \(error))" }
        }
    }

    package func begin(host: String) async throws(LoginError) -> any SASLMechanism {
        let credentials = try await credentials()
        let region = try region(of: host)
        let signature = MSKSignature(
            host: mechanism == .oauthBearer ? MSKSignature.bearerHost(region: region) : host,
            region: region,
            credentials: credentials,
            time: environment.now()
        )
        guard mechanism == .oauthBearer else { return MSKIAMMechanism(signature) }
        return OAuthBearerMechanism(token: signature.bearerToken)
    }

    private func credentials() async throws(LoginError) -> AWSCredentials {
        do throws(AWSFault) {
            return try await keeper.credentials()
        } catch {
            throw LoginError("no AWS credentials: \(error)", isRetriable: error.kind == .passing)
        }
    }

    private func region(of host: String) throws(LoginError) -> String {
        let set = AWSRegion.named(in: host) ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
        if let set { return set }
        let name = profileName ?? environment["AWS_PROFILE"] ?? "default"
        if let region = (try? AWSProfiles(environment))?[name]?["region"] { return region }
        throw LoginError("no AWS region in \(host): set AWS_REGION", isRetriable: false)
    }
}
