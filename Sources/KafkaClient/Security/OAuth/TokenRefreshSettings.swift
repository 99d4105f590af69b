// SPDX-License-Identifier: Apache-2.0

/// When a token is replaced by the next one: Kafka's `sasl.login.refresh.*`.
package struct TokenRefreshSettings: Sendable, Equatable {
    /// Which part of its lifetime a token is used. Kafka's `sasl.login.refresh.window.factor`, 0.5 to 1.
    package var windowFactor = 0.8
    /// How much of its lifetime is added to that at most, at random. Kafka's `sasl.login.refresh.window.jitter`, 0 to 0.25.
    package var windowJitter = 0.05
    /// How long a token is left alone at least. Kafka's `sasl.login.refresh.min.period.seconds`, 0 to 900.
    package var minimumPeriod: Duration = .seconds(60)
    /// How long before its end a token is replaced at the latest. Kafka's `sasl.login.refresh.buffer.seconds`, 0 to 3600.
    package var buffer: Duration = .seconds(300)

    /// The defaults.
    package init() {}
}
