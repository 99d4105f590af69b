// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// How long connections may take, rest and wait.
struct ConnectionPatience {
    /// How long an attempt may take to be ready.
    let setupTimeout: ExponentialBackoff
    /// The wait before the next attempt.
    let reconnectBackoff: ExponentialBackoff
    /// How long a connection may be idle; negative for as long as it likes.
    let maximumIdle: TimeAmount
    /// How long an answer may take.
    let requestTimeout: Duration

    init(_ settings: ClientSettings) {
        setupTimeout = ExponentialBackoff(initial: settings.setupTimeout, maximum: settings.setupTimeoutMax)
        reconnectBackoff = ExponentialBackoff(
            initial: settings.reconnectBackoff,
            maximum: settings.reconnectBackoffMax
        )
        maximumIdle = settings.maximumIdle.map { TimeAmount(clamping: $0) } ?? .nanoseconds(-1)
        requestTimeout = settings.requestTimeout
    }

    /// How a connection ends on which this took too long.
    ///
    /// - Parameters:
    ///   - expiry: What.
    ///   - waited: The time since its attempt began.
    /// - Returns: the end; nil for a connection that goes on with another login.
    func end(_ expiry: ConnectionMachine.Expiry, waited: TimeAmount) -> ConnectionEnd? {
        let limit = "request.timeout.ms=\(requestTimeout.milliseconds)"
        switch expiry {
        case .setup(let lack): return .failed(lack.text(afterMilliseconds: waited.nanoseconds / 1_000_000))
        case .relogin: return .failed("no login within \(limit)", .timedOut)
        case .session(isUsed: true): return nil
        case .session(isUsed: false): return .quietly("the login has come to its end, and nobody used it")
        case .request(let api): return .failed("no answer to \(api) within \(limit)", .timedOut)
        case .idle: return .quietly("connections.max.idle.ms has passed")
        }
    }
}
