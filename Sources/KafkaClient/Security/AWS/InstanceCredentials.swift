// SPDX-License-Identifier: Apache-2.0

/// Credentials of the role of a machine of EC2, by the second version of its metadata service: a token first, then the
/// role's name, then its credentials.
struct InstanceCredentials: AWSCredentialSource {
    private static let path = "/latest/meta-data/iam/security-credentials/"
    /// The service is on this machine or is not there at all.
    private static let timeouts = HTTPTimeouts(connect: .seconds(1), read: .seconds(5))

    let environment: AWSEnvironment

    var name: String { "instance metadata" }

    func credentials() async throws(AWSFault) -> AWSCredentials {
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else {
            throw AWSFault(.absent, "AWS_EC2_METADATA_DISABLED is true")
        }
        let token = try await token()
        let roles = try await get(Self.path, token)
        guard let role = String(decoding: roles, as: UTF8.self).split(whereSeparator: \.isNewline).first else {
            throw AWSFault(.failed, "this machine has no role")
        }
        guard let document = AWSCredentialDocument(try await get(Self.path + AWSSigner.encoded(String(role)), token))
        else {
            throw AWSFault(.failed, "the answer for this machine's role cannot be read")
        }
        guard let credentials = document.credentials else {
            let code = document.code.map { ": \(ForeignText.shown($0))" } ?? ""
            throw AWSFault(.failed, "there are no credentials of this machine's role\(code)")
        }
        return credentials
    }

    private func token() async throws(AWSFault) -> Secret {
        var request = HTTPRequest(.put, try url("/latest/api/token"))
        request.headers = [("X-aws-ec2-metadata-token-ttl-seconds", Secret("21600"))]
        let answer: HTTPAnswer
        do throws(HTTPFailure) {
            answer = try await environment.ask(request, Self.timeouts)
        } catch {
            // Most machines are none of EC2.
            throw AWSFault(.absent, "\(request.url): \(error)")
        }
        guard answer.status == 200, !answer.body.isEmpty, answer.body.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw AWSFault(request.url, answer)
        }
        return Secret(answer.body)
    }

    private func get(_ path: String, _ token: Secret) async throws(AWSFault) -> [UInt8] {
        var request = HTTPRequest(.get, try url(path))
        request.headers = [("X-aws-ec2-metadata-token", token)]
        let answer: HTTPAnswer
        do throws(HTTPFailure) {
            answer = try await environment.ask(request, Self.timeouts)
        } catch {
            throw AWSFault(request.url, error)
        }
        guard answer.status == 200 else { throw AWSFault(request.url, answer) }
        return answer.body
    }

    private func url(_ path: String) throws(AWSFault) -> HTTPURL {
        let usesIPv6 = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
        let standard = usesIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
        let endpoint = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? standard
        do throws(HTTPURL.Fault) {
            return try HTTPURL((endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + path)
        } catch {
            throw AWSFault(.failed, "AWS_EC2_METADATA_SERVICE_ENDPOINT cannot be used: \(error.reason)")
        }
    }
}
