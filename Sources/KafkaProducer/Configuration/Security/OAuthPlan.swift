// SPDX-License-Identifier: Apache-2.0
import KafkaClient

/// What the `sasl.oauthbearer.*` settings and the options of `OAuthBearerLoginModule` come to.
struct OAuthPlan {
    static let handlerKey = "sasl.login.callback.handler.class"
    private static let retrieverKey = "sasl.oauthbearer.jwt.retriever.class"
    private static let validatorKey = "sasl.oauthbearer.jwt.validator.class"

    /// Handlers that get a token from its issuer; the second is the name of Kafka 3.
    static let issuerHandlers = [
        "oauthbearer.OAuthBearerLoginCallbackHandler", "oauthbearer.secured.OAuthBearerLoginCallbackHandler",
    ]
    /// The handler that makes a token itself: the default.
    static let unsecuredHandlers = ["oauthbearer.internals.unsecured.OAuthBearerUnsecuredLoginCallbackHandler"]
    /// The handler that signs a token with credentials of AWS.
    static let handlerOfMSK = "software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler"
    private static let validators = ["oauthbearer.DefaultJwtValidator", "oauthbearer.ClientJwtValidator"]

    private let configuration: ProducerConfiguration
    private let jaas: JAASConfiguration
    private var sasl: SASLConfiguration { configuration.sasl }

    init(_ configuration: ProducerConfiguration, _ jaas: JAASConfiguration) {
        (self.configuration, self.jaas) = (configuration, jaas)
    }

    /// Makes the login.
    func make() throws(ConfigurationError) -> LoginPlan.Made {
        let handler = sasl.loginCallbackHandlerClass.map { JavaClass(name: $0) }
        if handler?.isKafka(anyOf: Self.issuerHandlers) == true { return try issuer() }
        do throws(SecurityRefusal) {
            guard handler?.name != Self.handlerOfMSK else {
                let login = try MSKIAMLogin(options: jaas.options, asBearerToken: true)
                return Made(login: login, notices: notices(login.notes))
            }
            var settings = try UnsecuredTokenSettings(jaasOptions: jaas.options)
            settings.refresh = refresh
            return Made(login: TokenLogin(settings), notices: notices(settings.notes))
        } catch {
            guard handler == nil, sasl.oauth.tokenEndpointURL != nil else { throw refusal(error) }
            // As in Java a token endpoint alone is never asked.
            throw configuration.refusal(
                of: "sasl.oauthbearer.token.endpoint.url",
                "sasl.oauthbearer.token.endpoint.url has no effect without a handler that asks it: set \(Self.handlerKey)="
                    + "org.apache.kafka.common.security.\(Self.issuerHandlers[0])"
            )
        }
    }

    private typealias Made = LoginPlan.Made

    private func issuer() throws(ConfigurationError) -> Made {
        guard JavaClass(name: sasl.oauth.validatorClass).isKafka(anyOf: Self.validators) else {
            throw configuration.refusal(ofClass: Self.validatorKey, sasl.oauth.validatorClass)
        }
        guard let retriever = OAuthRetriever(className: sasl.oauth.retrieverClass) else {
            let known = OAuthRetriever.allCases.map(\.rawValue).joined(separator: ", ")
            let instead = "there are \(known) of org.apache.kafka.common.security.oauthbearer"
            throw configuration.refusal(ofClass: Self.retrieverKey, sasl.oauth.retrieverClass, instead: instead)
        }
        do throws(SecurityRefusal) {
            var settings = try settings()
            settings.retriever = retriever
            let login = try TokenLogin(settings)
            // What the login adds is about the way to the endpoint.
            let further = login.notes.dropFirst(settings.notes.count)
            let insecure = further.map {
                configuration.notice(.insecure, .warning, "sasl.oauthbearer.token.endpoint.url", $0)
            }
            return Made(login: login, notices: notices(settings.notes) + insecure)
        } catch {
            throw refusal(error)
        }
    }

    /// How tokens are asked for. The keys win over the module's options.
    func settings() throws(SecurityRefusal) -> OAuthSettings {
        let oauth = sasl.oauth
        var settings = try OAuthSettings(jaasOptions: jaas.options)
        settings.tokenEndpoint = oauth.tokenEndpointURL
        settings.clientID = oauth.clientID ?? settings.clientID
        settings.clientSecret = oauth.clientSecret?.secret ?? settings.clientSecret
        settings.scope = oauth.scope ?? settings.scope
        settings.encodesHeader = oauth.urlEncodesHeader
        settings.scopeClaimName = oauth.scopeClaimName
        settings.subjectClaimName = oauth.subClaimName
        settings.assertion = assertion
        settings.refresh = refresh
        settings.connectTimeout = sasl.login.connectTimeout ?? settings.connectTimeout
        settings.readTimeout = sasl.login.readTimeout ?? settings.readTimeout
        settings.retryBackoff = sasl.login.retryBackoff
        settings.retryBackoffMax = sasl.login.retryBackoffMax
        return settings
    }

    private var assertion: OAuthAssertionSettings {
        let wanted = sasl.oauth.assertion
        var settings = OAuthAssertionSettings()
        settings.file = wanted.file
        settings.algorithm = OAuthAssertionSettings.Algorithm(rawValue: wanted.algorithm.uppercased()) ?? .rs256
        settings.privateKeyFile = wanted.privateKeyFile
        settings.privateKeyPassphrase = wanted.privateKeyPassphrase?.secret
        settings.templateFile = wanted.templateFile
        settings.audience = wanted.audience
        settings.issuer = wanted.issuer
        settings.subject = wanted.subject
        settings.lifetime = wanted.lifetime
        settings.notBefore = wanted.notBefore
        settings.includesID = wanted.includesID
        return settings
    }

    private var refresh: TokenRefreshSettings {
        var settings = TokenRefreshSettings()
        settings.windowFactor = sasl.login.refreshWindowFactor
        settings.windowJitter = sasl.login.refreshWindowJitter
        settings.minimumPeriod = sasl.login.refreshMinPeriod
        settings.buffer = sasl.login.refreshBuffer
        return settings
    }

    private func notices(_ notes: [String]) -> [ConfigurationNotice] {
        notes.map { configuration.notice(.noEffect, .information, "sasl.jaas.config", $0) }
    }

    private func refusal(_ error: SecurityRefusal) -> ConfigurationError {
        configuration.loginRefusal(of: error.key ?? "sasl.jaas.config", error.reason)
    }
}
