// SPDX-License-Identifier: Apache-2.0

/// How tokens are asked for: Kafka's `sasl.oauthbearer.jwt.retriever.class`, by the names of its Java classes.
package enum OAuthRetriever: String, CaseIterable, Sendable {
    /// From a file if the endpoint's URL is one of a file, and else by client credentials.
    case `default` = "DefaultJwtRetriever"
    /// By the client's id and its secret or an assertion (RFC 6749, 4.4; RFC 7523, 2.2).
    case clientCredentials = "ClientCredentialsJwtRetriever"
    /// From a file, which is read again when it was written anew.
    case file = "FileJwtRetriever"
    /// By an assertion as grant (RFC 7523, 2.1).
    case jwtBearer = "JwtBearerJwtRetriever"

    /// The retriever of a Java class. It is known by the end of its name, since programs with a copy of the client give it
    /// other names in front.
    package init?(className: String) {
        let package = "common.security.oauthbearer."
        guard
            let retriever = Self.allCases.first(where: { retriever in
                let tail = package + retriever.rawValue
                return className == tail || className.hasSuffix("." + tail)
            })
        else { return nil }
        self = retriever
    }
}
