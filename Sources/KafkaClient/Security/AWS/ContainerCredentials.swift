// SPDX-License-Identifier: Apache-2.0

/// Credentials that the machine of a container gives to it: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` on ECS,
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI` on EKS.
struct ContainerCredentials: AWSCredentialSource {
    private static let relativeHost = "http://169.254.170.2"
    /// Without TLS only these are asked: this machine, and what the machine of a container answers under.
    private static let plainHosts: Set<String> = [
        "localhost", "127.0.0.1", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23",
    ]
    private static let timeouts = HTTPTimeouts(connect: .seconds(2), read: .seconds(5))

    let environment: AWSEnvironment

    var name: String { "container" }

    func credentials() async throws(AWSFault) -> AWSCredentials {
        let url = try url()
        var request = HTTPRequest(.get, url)
        request.headers = [("Accept", Secret("application/json"))]
        if let token = try token() { request.headers.append(("Authorization", token)) }
        let answer: HTTPAnswer
        do throws(HTTPFailure) {
            answer = try await environment.ask(request, Self.timeouts)
        } catch {
            throw AWSFault(url, error)
        }
        guard answer.status == 200 else { throw AWSFault(url, answer, AWSCredentialDocument(answer.body)?.code) }
        guard let credentials = AWSCredentialDocument(answer.body)?.credentials else {
            throw AWSFault(.failed, "\(url): the answer has no credentials")
        }
        return credentials
    }

    private func url() throws(AWSFault) -> HTTPURL {
        let variable: String
        let text: String
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            variable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
            text = Self.relativeHost + (path.hasPrefix("/") ? path : "/" + path)
        } else if let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
            text = full
        } else {
            throw AWSFault(.absent, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and …_FULL_URI are not set")
        }
        do throws(HTTPURL.Fault) {
            let url = try HTTPURL(text)
            guard url.isSecure || Self.plainHosts.contains(url.host) else {
                throw HTTPURL.Fault(reason: "http is for this machine only; use https")
            }
            return url
        } catch {
            throw AWSFault(.failed, "\(variable) cannot be used: \(error.reason)")
        }
    }

    /// The file goes first: it is written anew before its token ends.
    private func token() throws(AWSFault) -> Secret? {
        let token: String
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            guard let bytes = try environment.file(path) else { throw AWSFault(.failed, "there is no file \(path)") }
            token = String(decoding: bytes, as: UTF8.self).trimmingBlanks
        } else if let value = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            token = value
        } else {
            return nil
        }
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw AWSFault(.failed, "AWS_CONTAINER_AUTHORIZATION_TOKEN or …_FILE must be one line of ASCII text")
        }
        return Secret(token)
    }
}
