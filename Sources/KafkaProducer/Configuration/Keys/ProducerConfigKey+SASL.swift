// SPDX-License-Identifier: Apache-2.0

/// The settings of SASL logins, in the order in which the Java client checks them.
extension ProducerConfigKey {
    private static let sasl = Support.later("SASL")

    static let saslKeys: [ProducerConfigKey] = kerberosKeys + loginRefreshKeys + loginKeys

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let kerberosKeys: [ProducerConfigKey] = [
        .init(
            "sasl.kerberos.service.name", .string, .null, .medium, "The Kerberos name that brokers run under.",
            support: sasl
        ),
        .init(
            "sasl.kerberos.kinit.cmd", .string, .value("/usr/bin/kinit"), .low, "The path of kinit.", support: sasl
        ),
        .init(
            "sasl.kerberos.ticket.renew.window.factor", .double, .value("0.8"), .low,
            "At which part of a ticket's life it is renewed.", support: sasl
        ),
        .init(
            "sasl.kerberos.ticket.renew.jitter", .double, .value("0.05"), .low,
            "How much chance is added to the renewal time.", support: sasl
        ),
        .init(
            "sasl.kerberos.min.time.before.relogin", .long, .value("60000"), .low,
            "The shortest time between two Kerberos logins.", support: sasl
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let loginRefreshKeys: [ProducerConfigKey] = [
        .init(
            "sasl.login.refresh.window.factor", .double, .value("0.8"), .betweenDoubles(0.5, 1.0), .low,
            "At which part of a token's life it is refreshed.", support: sasl
        ),
        .init(
            "sasl.login.refresh.window.jitter", .double, .value("0.05"), .betweenDoubles(0.0, 0.25), .low,
            "How much chance is added to the refresh time.", support: sasl
        ),
        .init(
            "sasl.login.refresh.min.period.seconds", .short, .value("60"), .between(0, 900), .low,
            "The shortest time between two token refreshes.", support: sasl
        ),
        .init(
            "sasl.login.refresh.buffer.seconds", .short, .value("300"), .between(0, 3600), .low,
            "How long before its end a token is refreshed at the latest.", support: sasl
        ),
    ]

    // A table: a few lines a setting.
    // swift-format-ignore
    private static let loginKeys: [ProducerConfigKey] = [
        .init(
            "sasl.mechanism", .string, .value("GSSAPI"), .medium,
            "How to log in: GSSAPI, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.", support: sasl
        ),
        .init("sasl.jaas.config", .password, .null, .medium, "The login's module and options.", support: sasl),
        .init(
            "sasl.client.callback.handler.class", .className, .null, .medium,
            "A Java class that answers the mechanism.", support: sasl
        ),
        .init(
            "sasl.login.callback.handler.class", .className, .null, .medium, "A Java class that answers the login.",
            support: sasl
        ),
        .init("sasl.login.class", .className, .null, .medium, "A Java class that logs in.", support: sasl),
        .init(
            "sasl.login.connect.timeout.ms", .int, .null, .low, "How long connecting to the token server may take.",
            support: sasl
        ),
        .init(
            "sasl.login.read.timeout.ms", .int, .null, .low, "How long the token server may take to answer.",
            support: sasl
        ),
        .init(
            "sasl.login.retry.backoff.max.ms", .long, .value("10000"), .low,
            "The longest wait before asking the token server again.", support: sasl
        ),
        .init(
            "sasl.login.retry.backoff.ms", .long, .value("100"), .low,
            "The first wait before asking the token server again.", support: sasl
        ),
    ]
}
