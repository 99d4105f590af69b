// SPDX-License-Identifier: Apache-2.0
/// How a login's token is fetched, and when it is renewed: Kafka's `sasl.login.*`.
public struct LoginConfiguration: Sendable, Hashable {
    /// At which part of a token's life it is renewed, 0.5 to 1. Kafka's `sasl.login.refresh.window.factor`.
    public var refreshWindowFactor = 0.8
    /// How much of its life is added by chance, 0 to 0.25. Kafka's `sasl.login.refresh.window.jitter`.
    public var refreshWindowJitter = 0.05
    /// The shortest time between two renewals, at most 15 minutes. Kafka's `sasl.login.refresh.min.period.seconds`.
    public var refreshMinPeriod: Duration = .seconds(60)
    /// How long before its end a token is renewed at the latest, at most an hour. Kafka's `sasl.login.refresh.buffer.seconds`.
    public var refreshBuffer: Duration = .seconds(300)
    /// How long connecting to the token server may take; `nil` is 10 seconds. Kafka's `sasl.login.connect.timeout.ms`.
    public var connectTimeout: Duration?
    /// How long the token server may take to answer; `nil` is 30 seconds. Kafka's `sasl.login.read.timeout.ms`.
    public var readTimeout: Duration?
    /// The first wait before the token server is asked again. Kafka's `sasl.login.retry.backoff.ms`.
    public var retryBackoff: Duration = .milliseconds(100)
    /// For how long the token server is asked again. Kafka's `sasl.login.retry.backoff.max.ms`.
    public var retryBackoffMax: Duration = .seconds(10)

    /// The defaults.
    public init() {}
}
