// SPDX-License-Identifier: Apache-2.0

/// When the tickets of a cache are renewed. Kafka's `sasl.kerberos.*`.
package struct KerberosRenewal: Equatable, Sendable {
    /// The program that renews them, which is called with `-R`. Kafka's `sasl.kerberos.kinit.cmd`.
    package var command = "/usr/bin/kinit"
    /// After which part of the time that is left. Kafka's `sasl.kerberos.ticket.renew.window.factor`.
    package var windowFactor = 0.8
    /// How much is added by chance. Kafka's `sasl.kerberos.ticket.renew.jitter`.
    package var jitter = 0.05
    /// The shortest time between two renewals. Kafka's `sasl.kerberos.min.time.before.relogin`.
    package var shortestInterval: Duration = .seconds(60)

    /// The defaults.
    package init() {}

    /// How long to wait until the next renewal.
    ///
    /// - Parameters:
    ///   - lifetime: How many seconds the ticket still has; nil for a ticket that cannot be found, which may come back.
    ///   - random: A number from 0 to 1.
    /// - Returns: The pause.
    func pause(lifetime: UInt32?, random: Double) -> Duration {
        // Without a ticket there is nothing to renew, and no reason to look for one all the time.
        guard let lifetime, lifetime > 0 else { return max(shortestInterval, .seconds(1)) }
        let part = min(max(windowFactor + jitter * min(max(random, 0), 1), 0), 1)
        return max(.seconds(Double(lifetime) * part), shortestInterval)
    }

    /// The command of the shell that renews the tickets of a cache. What it says goes nowhere: that it
    /// fails is reported, and a ticket that has ended is told with the login that fails for it.
    func shellCommand(cache: String?) -> String {
        let place = cache.map { " -c \(ShellCommand.quoted($0))" } ?? ""
        return "\(ShellCommand.quoted(command)) -R\(place) >/dev/null 2>&1"
    }
}
