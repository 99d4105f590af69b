// SPDX-License-Identifier: Apache-2.0
/// A login by Kerberos: Kafka's `sasl.kerberos.*`. It has an effect with the mechanism GSSAPI.
public struct KerberosConfiguration: Sendable, Hashable {
    /// The name that brokers run under, such as `kafka`. Kafka's `sasl.kerberos.service.name`.
    public var serviceName: String?
    /// The program that renews the tickets of a cache. Kafka's `sasl.kerberos.kinit.cmd`.
    public var kinitCommand = "/usr/bin/kinit"
    /// At which part of a ticket's life it is renewed. Kafka's `sasl.kerberos.ticket.renew.window.factor`.
    public var ticketRenewWindowFactor = 0.8
    /// How much of its life is added by chance. Kafka's `sasl.kerberos.ticket.renew.jitter`.
    public var ticketRenewJitter = 0.05
    /// The shortest time between two renewals. Kafka's `sasl.kerberos.min.time.before.relogin`.
    public var minTimeBeforeRelogin: Duration = .seconds(60)

    /// The defaults.
    public init() {}
}
