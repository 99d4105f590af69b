// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// The Java classes that `sasl.*` settings name, and which of them are known by what they do.
///
/// All that some mechanism knows are good: it is the mechanism that asks for them.
struct LoginClasses {
    private let configuration: ProducerConfiguration
    private var sasl: SASLConfiguration { configuration.sasl }

    init(_ configuration: ProducerConfiguration) {
        self.configuration = configuration
    }

    /// Throws for a class of which nothing is known here.
    func check() throws(ConfigurationError) {
        try check("sasl.client.callback.handler.class", sasl.clientCallbackHandlerClass, Self.clientHandlers)
        try check(OAuthPlan.handlerKey, sasl.loginCallbackHandlerClass, Self.loginHandlers)
        try check("sasl.login.class", sasl.loginClass, Self.logins)
    }

    private func check(_ key: String, _ name: String?, _ known: [String]) throws(ConfigurationError) {
        guard let name else { return }
        let javaClass = JavaClass(name: name)
        guard !javaClass.isKafka(anyOf: known), !Self.ofMSK.contains(name) else { return }
        let isTokenHandler = key == OAuthPlan.handlerKey && sasl.mechanism == SASLMechanismName.oauthBearer.rawValue
        let instead =
            isTokenHandler
            ? "set org.apache.kafka.common.security.\(OAuthPlan.issuerHandlers[0]), with sasl.oauthbearer.token.endpoint.url "
                + "and sasl.oauthbearer.client.credentials.client.id and .secret" : "remove the line"
        throw configuration.refusal(ofClass: key, name, instead: instead)
    }

    private static let clientHandlers = [
        "authenticator.SaslClientCallbackHandler", "oauthbearer.internals.OAuthBearerSaslClientCallbackHandler",
    ]
    private static let loginHandlers =
        OAuthPlan.issuerHandlers + OAuthPlan.unsecuredHandlers + [
            "authenticator.AbstractLogin$DefaultLoginCallbackHandler"
        ]
    private static let logins = [
        "authenticator.DefaultLogin", "oauthbearer.internals.OAuthBearerRefreshingLogin", "kerberos.KerberosLogin",
    ]
    /// The classes of Amazon's library.
    private static let ofMSK: Set = [
        "software.amazon.msk.auth.iam.IAMClientCallbackHandler", OAuthPlan.handlerOfMSK,
    ]
}
