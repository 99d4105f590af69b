// SPDX-License-Identifier: Apache-2.0

/// Asks AWS's Security Token Service (STS) for the credentials of a role.
struct AWSSecurityTokenService {
    /// A role, and how its credentials are asked for.
    struct Role: Sendable {
        /// The role's name, as `arn:aws:iam::123456789012:role/orders`.
        var arn: String
        /// What the session is called in logs.
        var sessionName: String
        /// What some roles of other accounts want to hear.
        var externalID: Secret?
        /// For how many seconds; nil for what the service says.
        var duration: String?
    }

    private static let version = "2011-06-15"
    private static let timeouts = HTTPTimeouts(connect: .seconds(5), read: .seconds(10))

    private let environment: AWSEnvironment
    /// nil for the one endpoint of all regions.
    private let region: String?

    init(_ environment: AWSEnvironment, region: String?) {
        self.environment = environment
        self.region = region
    }

    /// The credentials of a role that other credentials may take.
    func assume(_ role: Role, with credentials: AWSCredentials) async throws(AWSFault) -> AWSCredentials {
        let answer = try await ask("AssumeRole", role.parameters, signedBy: credentials)
        return try Self.credentials(answer, "AssumeRole")
    }

    /// The credentials of a role that a token of another identity provider may take.
    func assume(_ role: Role, withToken token: Secret) async throws(AWSFault) -> AWSCredentials {
        let parameters = role.parameters + [("WebIdentityToken", token.text)]
        let answer = try await ask("AssumeRoleWithWebIdentity", parameters, signedBy: nil)
        return try Self.credentials(answer, "AssumeRoleWithWebIdentity")
    }

    /// Whose credentials they are, as `arn:aws:sts::123456789012:assumed-role/orders/session`.
    func identity(of credentials: AWSCredentials) async throws(AWSFault) -> String {
        let answer = try await ask("GetCallerIdentity", [], signedBy: credentials)
        guard let arn = answer["GetCallerIdentityResponse/GetCallerIdentityResult/Arn"], !arn.isEmpty else {
            throw Self.unreadable
        }
        return ForeignText.shown(arn)
    }

    private static let unreadable = AWSFault(.failed, "the answer of STS cannot be read")

    /// The credentials that an answer has.
    static func credentials(_ answer: XMLTexts, _ action: String) throws(AWSFault) -> AWSCredentials {
        let path = "\(action)Response/\(action)Result/Credentials"
        guard let id = answer["\(path)/AccessKeyId"], let secret = answer["\(path)/SecretAccessKey"],
            let token = answer["\(path)/SessionToken"],
            let expiration = answer["\(path)/Expiration"].flatMap(AWSTime.init),
            !id.isEmpty, !secret.isEmpty
        else { throw unreadable }
        return AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: Secret(token),
            expiration: expiration
        )
    }

    private func endpoint() throws(AWSFault) -> HTTPURL {
        let variable = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"].first { environment[$0] != nil }
        let own = region.map { "https://sts.\($0).\(AWSRegion.domain(of: $0))" } ?? "https://sts.amazonaws.com"
        do throws(HTTPURL.Fault) {
            return try HTTPURL(variable.flatMap { environment[$0] } ?? own)
        } catch {
            throw AWSFault(.failed, "\(variable ?? "the region") cannot be used: \(error.reason)")
        }
    }

    private func ask(
        _ action: String,
        _ parameters: [(name: String, value: String)],
        signedBy credentials: AWSCredentials?
    ) async throws(AWSFault) -> XMLTexts {
        let url = try endpoint()
        let pairs = [("Action", action), ("Version", Self.version)] + parameters
        let body = pairs.map { "\($0.0)=\(AWSSigner.encoded($0.1))" }.joined(separator: "&")
        var request = HTTPRequest(.post, url)
        request.body = Secret(body)
        request.headers = [
            ("Content-Type", Secret("application/x-www-form-urlencoded; charset=utf-8")),
            ("Accept", Secret("text/xml")),
        ]
        if let credentials { request.headers += signature(url, Array(body.utf8), credentials) }
        let answer: HTTPAnswer
        do throws(HTTPFailure) {
            answer = try await environment.ask(request, Self.timeouts)
        } catch {
            throw AWSFault(url, error)
        }
        let texts = XMLTexts(answer.body)
        guard answer.status == 200 else { throw Self.refusal(url, answer, texts) }
        guard let texts else { throw Self.unreadable }
        return texts
    }

    private func signature(
        _ url: HTTPURL,
        _ body: [UInt8],
        _ credentials: AWSCredentials
    ) -> [(name: String, value: Secret)] {
        let signer = AWSSigner(
            credentials: credentials,
            region: region ?? "us-east-1",
            service: "sts",
            time: environment.now()
        )
        var request = AWSSigner.Request()
        request.method = "POST"
        request.path = url.target
        request.body = body
        request.headers = [("host", url.hostHeader), ("x-amz-date", signer.time.timestamp)]
        if let token = credentials.sessionToken { request.headers.append(("x-amz-security-token", token.text)) }
        // The host is sent in any case.
        return request.headers.dropFirst().map { ($0.name, Secret($0.value)) }
            + [("Authorization", Secret(signer.authorization(request)))]
    }

    private static func refusal(_ url: HTTPURL, _ answer: HTTPAnswer, _ texts: XMLTexts?) -> AWSFault {
        let code = texts?["ErrorResponse/Error/Code"]
        let message = texts?["ErrorResponse/Error/Message"]
        let fault = AWSFault(url, answer, code.map { code in message.map { "\(code): \($0)" } ?? code })
        let isThrottled =
            code.map { ["Throttling", "ThrottlingException", "IDPCommunicationError"].contains($0) } ?? false
        return isThrottled ? AWSFault(.passing, fault.description) : fault
    }
}

extension AWSSecurityTokenService.Role {
    fileprivate var parameters: [(name: String, value: String)] {
        var result = [("RoleArn", arn), ("RoleSessionName", sessionName)]
        if let externalID { result.append(("ExternalId", externalID.text)) }
        if let duration { result.append(("DurationSeconds", duration)) }
        return result
    }
}
