// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// By what an issuer is asked for a token.
enum TokenGrant: Sendable {
    /// The client's id and secret (RFC 6749, 4.4).
    case secret(id: String, secret: Secret, encodesHeader: Bool)
    /// The client's assertion in place of the secret (RFC 7523, 2.2).
    case assertion(OAuthAssertion, id: String?)
    /// An assertion about whom the token is for (RFC 7523, 2.1).
    case jwtBearer(OAuthAssertion)

    /// The request, and the texts in it that no error may repeat.
    func request(to url: HTTPURL, scope: String?) throws(LoginError) -> (request: HTTPRequest, secrets: [String]) {
        var request = HTTPRequest(.post, url)
        request.headers = [("Accept", Secret("application/json"))]
        var body: String
        var secrets: [String]
        switch self {
        case .secret(let id, let secret, let encodes):
            let (name, password) = encodes ? (Self.encode(id), Self.encode(secret.text)) : (id, secret.text)
            let credentials = Data("\(name):\(password)".utf8).base64EncodedString()
            request.headers.append(("Authorization", Secret("Basic \(credentials)")))
            body = "grant_type=client_credentials"
            secrets = [credentials, password, secret.text]
        case .assertion(let assertion, let id):
            let text = try assertion.text().text
            let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            body = "client_assertion_type=\(Self.encode(type))&client_assertion=\(Self.encode(text))"
            body += "&grant_type=client_credentials"
            if let id { body += "&client_id=\(Self.encode(id))" }
            secrets = [text]
        case .jwtBearer(let assertion):
            let text = try assertion.text().text
            body =
                "grant_type=\(Self.encode("urn:ietf:params:oauth:grant-type:jwt-bearer"))&assertion=\(Self.encode(text))"
            secrets = [text]
        }
        if let scope { body += "&scope=\(Self.encode(scope))" }
        request.headers += [
            ("Cache-Control", Secret("no-cache")), ("Content-Type", Secret("application/x-www-form-urlencoded")),
        ]
        request.body = Secret(body)
        return (request, secrets)
    }

    /// A text as forms encode it, with `+` for a blank.
    static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2A, 0x2D, 0x2E, 0x5F:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20: encoded += "+"
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
