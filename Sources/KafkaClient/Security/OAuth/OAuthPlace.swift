// SPDX-License-Identifier: Apache-2.0

/// Where tokens are from: what `sasl.oauthbearer.token.endpoint.url` and the retriever say together.
enum OAuthPlace: Equatable {
    /// The key of the URL.
    static let key = "sasl.oauthbearer.token.endpoint.url"

    case file(String)
    case endpoint(HTTPURL)

    init(_ settings: OAuthSettings) throws(SecurityRefusal) {
        let text = OAuthText.trimmed(settings.tokenEndpoint ?? "")
        guard !text.isEmpty else {
            throw SecurityRefusal(key: Self.key, "\(Self.key) is not set: it says where tokens are from")
        }
        let isFile = text.lowercased().hasPrefix("file:")
        switch (settings.retriever, isFile) {
        case (.default, true), (.file, true): self = .file(try Self.path(text))
        case (.default, false), (.clientCredentials, false), (.jwtBearer, false):
            do throws(HTTPURL.Fault) {
                self = .endpoint(try HTTPURL(text))
            } catch {
                throw Self.refusal(error.reason)
            }
        case (.file, false): throw Self.refusal("FileJwtRetriever wants a URL such as file:///run/secrets/token")
        case (.clientCredentials, true), (.jwtBearer, true):
            throw Self.refusal("\(settings.retriever.rawValue) wants a URL of https")
        }
    }

    /// The path in a URL such as `file:/x`, `file:///x` or `file://host/x`, as it stands there.
    private static func path(_ text: String) throws(SecurityRefusal) -> String {
        let rest = text.dropFirst("file:".count)
        let path = rest.hasPrefix("//") ? rest.dropFirst(2).drop { $0 != "/" } : rest
        guard path.hasPrefix("/"), path.count > 1 else {
            throw refusal("a file needs a whole path, such as file:///run/secrets/token")
        }
        return String(path)
    }

    /// The URL is not shown: it may be anything.
    private static func refusal(_ reason: String) -> SecurityRefusal {
        SecurityRefusal(key: key, "\(key) cannot be used: \(reason)")
    }
}
