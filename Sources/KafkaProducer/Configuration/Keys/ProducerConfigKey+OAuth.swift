// SPDX-License-Identifier: Apache-2.0
/// The settings of SASL logins by OAuth tokens, in the order in which the Java client checks them.
extension ProducerConfigKey {
    private static let broker = Support.noEffect("the broker checks the token")
    private static let package = "org.apache.kafka.common.security.oauthbearer"

    static let oauthKeys: [ProducerConfigKey] = tokenKeys + assertionKeys + claimKeys + keySetKeys

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let tokenKeys: [ProducerConfigKey] = [
        .init(
            "sasl.oauthbearer.jwt.retriever.class", .className, .value("\(package).DefaultJwtRetriever"), .medium,
            "How a token is got, by the Java class name.",
            sets: Setting(\.sasl.oauth.retrieverClass, .text)
        ),
        .init(
            "sasl.oauthbearer.jwt.validator.class", .className, .value("\(package).DefaultJwtValidator"), .medium,
            "How a token is looked at, by the Java class name.",
            sets: Setting(\.sasl.oauth.validatorClass, .text)
        ),
        .init(
            "sasl.oauthbearer.scope", .string, .null, .medium,
            "The scope to ask a token for.",
            sets: Setting(\.sasl.oauth.scope, .optionalText)
        ),
        .init(
            "sasl.oauthbearer.client.credentials.client.id", .string, .null, .medium,
            "The client id that asks for a token.",
            sets: Setting(\.sasl.oauth.clientID, .optionalText)
        ),
        .init(
            "sasl.oauthbearer.client.credentials.client.secret", .password, .null, .medium,
            "The secret that asks for a token.",
            sets: Setting(\.sasl.oauth.clientSecret, .password)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let assertionKeys: [ProducerConfigKey] = [
        .init(
            "sasl.oauthbearer.assertion.algorithm", .string, .value("RS256"), .oneOfIgnoringCase(["ES256", "RS256"]), .medium,
            "How an assertion is signed: RS256 or ES256.",
            sets: Setting(\.sasl.oauth.assertion.algorithm, .text)
        ),
        .init(
            "sasl.oauthbearer.assertion.claim.aud", .string, .null, .medium,
            "The assertion's audience.",
            sets: Setting(\.sasl.oauth.assertion.audience, .optionalText)
        ),
        .init(
            "sasl.oauthbearer.assertion.claim.exp.seconds", .int, .value("300"), .between(0, 86_400), .low,
            "How long an assertion is valid.",
            sets: Setting(\.sasl.oauth.assertion.lifetime, .seconds)
        ),
        .init(
            "sasl.oauthbearer.assertion.claim.iss", .string, .null, .medium,
            "The assertion's issuer.",
            sets: Setting(\.sasl.oauth.assertion.issuer, .optionalText)
        ),
        .init(
            "sasl.oauthbearer.assertion.claim.jti.include", .boolean, .value("false"), .medium,
            "Whether an assertion has an id of its own.",
            sets: Setting(\.sasl.oauth.assertion.includesID, .boolean)
        ),
        .init(
            "sasl.oauthbearer.assertion.claim.nbf.seconds", .int, .value("60"), .between(0, 3600), .low,
            "How far before now an assertion begins to be valid.",
            sets: Setting(\.sasl.oauth.assertion.notBefore, .seconds)
        ),
        .init(
            "sasl.oauthbearer.assertion.claim.sub", .string, .null, .medium,
            "The assertion's subject.",
            sets: Setting(\.sasl.oauth.assertion.subject, .optionalText)
        ),
        .init(
            "sasl.oauthbearer.assertion.file", .string, .null, .medium,
            "The file with a finished assertion.",
            sets: Setting(\.sasl.oauth.assertion.file, .optionalText)
        ),
        .init(
            "sasl.oauthbearer.assertion.private.key.file", .string, .null, .medium,
            "The file with the key that signs assertions.",
            sets: Setting(\.sasl.oauth.assertion.privateKeyFile, .optionalText)
        ),
        .init(
            "sasl.oauthbearer.assertion.private.key.passphrase", .password, .null, .medium,
            "The passphrase of the key that signs assertions.",
            sets: Setting(\.sasl.oauth.assertion.privateKeyPassphrase, .password)
        ),
        .init(
            "sasl.oauthbearer.assertion.template.file", .string, .null, .medium,
            "The file with further claims of assertions.",
            sets: Setting(\.sasl.oauth.assertion.templateFile, .optionalText)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let claimKeys: [ProducerConfigKey] = [
        .init(
            "sasl.oauthbearer.scope.claim.name", .string, .value("scope"), .low,
            "The claim that holds the scope.",
            sets: Setting(\.sasl.oauth.scopeClaimName, .text)
        ),
        .init(
            "sasl.oauthbearer.sub.claim.name", .string, .value("sub"), .low,
            "The claim that holds the subject.",
            sets: Setting(\.sasl.oauth.subClaimName, .text)
        ),
        .init(
            "sasl.oauthbearer.token.endpoint.url", .string, .null, .medium,
            "Where tokens are fetched.",
            sets: Setting(\.sasl.oauth.tokenEndpointURL, .optionalText)
        ),
        .init(
            "sasl.oauthbearer.clock.skew.seconds", .int, .value("30"), .low,
            "How far the clocks of client and token server may differ.",
            support: broker
        ),
        .init(
            "sasl.oauthbearer.expected.audience", .list, .value(""), .entries(allowsNone: true), .low,
            "The audiences that a token must name.",
            support: broker
        ),
        .init(
            "sasl.oauthbearer.expected.issuer", .string, .null, .low,
            "The issuer that a token must name.",
            support: broker
        ),
        .init(
            "sasl.oauthbearer.header.urlencode", .boolean, .value("false"), .low,
            "Whether client id and secret are URL-encoded in the header.",
            sets: Setting(\.sasl.oauth.urlEncodesHeader, .boolean)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let keySetKeys: [ProducerConfigKey] = [
        .init(
            "sasl.oauthbearer.jwks.endpoint.url", .string, .null, .medium,
            "Where the keys that sign tokens are found.",
            support: broker
        ),
        .init(
            "sasl.oauthbearer.jwks.endpoint.refresh.ms", .long, .value("3600000"), .low,
            "After how long those keys are fetched again.",
            support: broker
        ),
        .init(
            "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", .long, .value("10000"), .low,
            "The longest wait before fetching those keys again after a failure.",
            support: broker
        ),
        .init(
            "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms", .long, .value("100"), .low,
            "The first wait before fetching those keys again after a failure.",
            support: broker
        ),
    ]
}
