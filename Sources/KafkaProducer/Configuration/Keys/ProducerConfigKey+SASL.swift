// SPDX-License-Identifier: Apache-2.0
/// The settings of SASL logins, in the order in which the Java client checks them.
extension ProducerConfigKey {
    static let saslKeys: [ProducerConfigKey] = kerberosKeys + loginRefreshKeys + loginKeys

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let kerberosKeys: [ProducerConfigKey] = [
        .init(
            "sasl.kerberos.service.name", .string, .null, .medium,
            "The Kerberos name that brokers run under.",
            sets: Setting(\.sasl.kerberos.serviceName, .optionalText)
        ),
        .init(
            "sasl.kerberos.kinit.cmd", .string, .value("/usr/bin/kinit"), .low,
            "The path of kinit.",
            sets: Setting(\.sasl.kerberos.kinitCommand, .text)
        ),
        .init(
            "sasl.kerberos.ticket.renew.window.factor", .double, .value("0.8"), .low,
            "At which part of a ticket's life it is renewed.",
            sets: Setting(\.sasl.kerberos.ticketRenewWindowFactor, .number)
        ),
        .init(
            "sasl.kerberos.ticket.renew.jitter", .double, .value("0.05"), .low,
            "How much chance is added to the renewal time.",
            sets: Setting(\.sasl.kerberos.ticketRenewJitter, .number)
        ),
        .init(
            "sasl.kerberos.min.time.before.relogin", .long, .value("60000"), .low,
            "The shortest time between two Kerberos logins.",
            sets: Setting(\.sasl.kerberos.minTimeBeforeRelogin, .milliseconds)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let loginRefreshKeys: [ProducerConfigKey] = [
        .init(
            "sasl.login.refresh.window.factor", .double, .value("0.8"), .betweenDoubles(0.5, 1.0), .low,
            "At which part of a token's life it is refreshed.",
            sets: Setting(\.sasl.login.refreshWindowFactor, .number)
        ),
        .init(
            "sasl.login.refresh.window.jitter", .double, .value("0.05"), .betweenDoubles(0.0, 0.25), .low,
            "How much chance is added to the refresh time.",
            sets: Setting(\.sasl.login.refreshWindowJitter, .number)
        ),
        .init(
            "sasl.login.refresh.min.period.seconds", .short, .value("60"), .between(0, 900), .low,
            "The shortest time between two token refreshes.",
            sets: Setting(\.sasl.login.refreshMinPeriod, .seconds)
        ),
        .init(
            "sasl.login.refresh.buffer.seconds", .short, .value("300"), .between(0, 3600), .low,
            "How long before its end a token is refreshed at the latest.",
            sets: Setting(\.sasl.login.refreshBuffer, .seconds)
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let loginKeys: [ProducerConfigKey] = [
        .init(
            "sasl.mechanism", .string, .value("GSSAPI"), .medium,
            "How to log in: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, AWS_MSK_IAM or GSSAPI.",
            sets: Setting(\.sasl.mechanism, .text)
        ),
        .init(
            "sasl.jaas.config", .password, .null, .medium,
            "The login's module and options.",
            sets: Setting(\.sasl.jaasConfig, .password)
        ),
        .init(
            "sasl.client.callback.handler.class", .className, .null, .medium,
            "A Java class that answers the mechanism.",
            sets: Setting(\.sasl.clientCallbackHandlerClass, .optionalText)
        ),
        .init(
            "sasl.login.callback.handler.class", .className, .null, .medium,
            "Where a login gets its token from, by the Java class name.",
            sets: Setting(\.sasl.loginCallbackHandlerClass, .optionalText)
        ),
        .init(
            "sasl.login.class", .className, .null, .medium,
            "A Java class that logs in.",
            sets: Setting(\.sasl.loginClass, .optionalText)
        ),
        .init(
            "sasl.login.connect.timeout.ms", .int, .null, .low,
            "How long connecting to the token server may take.",
            sets: Setting(\.sasl.login.connectTimeout, .optionalMilliseconds)
        ),
        .init(
            "sasl.login.read.timeout.ms", .int, .null, .low,
            "How long the token server may take to answer.",
            sets: Setting(\.sasl.login.readTimeout, .optionalMilliseconds)
        ),
        .init(
            "sasl.login.retry.backoff.max.ms", .long, .value("10000"), .low,
            "For how long the token server is asked again after a failure.",
            sets: Setting(\.sasl.login.retryBackoffMax, .milliseconds)
        ),
        .init(
            "sasl.login.retry.backoff.ms", .long, .value("100"), .low,
            "The first wait before asking the token server again.",
            sets: Setting(\.sasl.login.retryBackoff, .milliseconds)
        ),
    ]
}
