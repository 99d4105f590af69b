// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a broker says when it refuses a token: `{"status":"invalid_token"}`, with a scope or an address to ask at times.
struct OAuthBearerRefusal: Equatable {
    /// The broker's reason, nil for a message that is not as RFC 7628 wants it.
    var status: String?
    /// The scope that a token must have, if the broker says so.
    var scope: String?
    /// Where the issuer of tokens describes itself, if the broker says so.
    var openIDConfiguration: String?

    /// Reads the broker's message. It is a refusal even when it cannot be read.
    init(_ bytes: [UInt8]) {
        guard bytes.count <= Self.limit,
            let object = try? JSONDecoder().decode([String: Member].self, from: Data(bytes))
        else { return }
        status = object["status"]?.text
        scope = object["scope"]?.text
        openIDConfiguration = object["openid-configuration"]?.text
    }

    /// The same for the user.
    var error: SASLError {
        guard let status else { return .refused(.oauthBearer, "the token is not accepted; no reason was given") }
        var text = "the token is not accepted: \(ForeignText.shown(status))"
        if let scope { text += "; it needs the scope \(ForeignText.shown(scope))" }
        if let openIDConfiguration { text += "; its issuer is described at \(ForeignText.shown(openIDConfiguration))" }
        return .refused(.oauthBearer, text)
    }

    /// A message is some dozens of bytes.
    private static let limit = 64 << 10

    /// A member of the message: only texts matter.
    private struct Member: Decodable {
        var text: String?

        init(from decoder: any Decoder) {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }
}
