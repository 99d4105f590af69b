// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// When a connection must log in again (KIP-368).
///
/// A broker says with a login for how long it holds. After that it closes the connection on any request but another
/// login. So the client logs in again after 85 to 95 % of the time: at random, so that clients that came together do not
/// come back together. A broker takes one such login a second at most.
package struct Reauthentication: Equatable, Sendable {
    /// What may be done on the connection at a time.
    package enum Step: Equatable, Sendable {
        /// Requests may be sent.
        case send
        /// Nothing may be sent until then: the session is over, and it is too early for another login.
        case wait(until: NIODeadline)
        /// The client logs in before it sends anything else.
        case logIn
    }

    /// Which part of the session is used.
    static let usedPart = 0.85...0.95
    /// How long a broker wants to be left alone between the beginnings of two logins. It counts from when it has read the one
    /// SaslHandshake, which is before the client has its answer and may be long after the client wrote it.
    static let shortestInterval = TimeAmount.seconds(1)

    /// When the next login is due.
    package let due: NIODeadline
    /// When to stop sending other requests, well before the broker refuses them.
    package let end: NIODeadline

    /// Begins with a login that succeeded.
    ///
    /// - Parameters:
    ///   - sessionLifetimeMs: Of the last `SaslAuthenticate` response. With 0 or less the login holds for ever, and
    ///     there is no re-authentication: nil.
    ///   - began: When the broker answered the login's SaslHandshake.
    ///   - ended: When its last answer came.
    ///   - random: A number from 0 to 1.
    package init?(sessionLifetimeMs: Int64, began: NIODeadline, ended: NIODeadline, random: Double) {
        guard sessionLifetimeMs > 0 else { return nil }
        let lifetime = TimeAmount(clamping: .milliseconds(sessionLifetimeMs))
        let (low, high) = (Self.usedPart.lowerBound, Self.usedPart.upperBound)
        let part = low + (high - low) * min(max(random, 0), 1)
        let used = TimeAmount.nanoseconds(Int64(Double(lifetime.nanoseconds) * part))
        due = max(ended + used, began + Self.shortestInterval)
        end = ended + used
    }

    /// What may be done now.
    package func step(now: NIODeadline) -> Step {
        guard now < due else { return .logIn }
        return now < end ? .send : .wait(until: due)
    }
}
