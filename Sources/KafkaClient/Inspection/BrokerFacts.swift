// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol

/// What is known of one address of the cluster after it was tried.
package struct BrokerFacts: Sendable {
    /// One IP address behind a name, and how it took a TCP connection.
    package struct Route: Sendable, Equatable {
        package var ip: String
        /// How long the connection took; nil when there is none.
        package var milliseconds: Double?
        /// Why there is none.
        package var reason: String?

        package init(ip: String, milliseconds: Double? = nil, reason: String? = nil) {
            (self.ip, self.milliseconds, self.reason) = (ip, milliseconds, reason)
        }
    }

    /// A login that was accepted.
    package struct Login: Sendable, Equatable {
        package var mechanism: String
        package var user: String?
        /// How long it holds; 0 for ever.
        package var sessionLifetimeMs: Int64
        package var milliseconds: Double

        package init(mechanism: String, user: String?, sessionLifetimeMs: Int64, milliseconds: Double) {
            (self.mechanism, self.user) = (mechanism, user)
            (self.sessionLifetimeMs, self.milliseconds) = (sessionLifetimeMs, milliseconds)
        }
    }

    /// Where the way ended, and why.
    package struct Obstacle: Sendable, Equatable {
        package var layer: Finding.Layer
        /// To follow the broker's address, or to stand for itself.
        package var reason: String

        package init(_ layer: Finding.Layer, _ reason: String) { (self.layer, self.reason) = (layer, reason) }
    }

    package var address: BrokerAddress
    /// Whether the address is an IP address, which needs no name server.
    package var isLiteral = false
    /// How long the name took to resolve.
    package var lookupMilliseconds: Double?
    package var routes: [Route] = []
    package var tls: TLSFacts?
    package var tlsMilliseconds: Double?
    package var login: Login?
    package var versions: ApiVersionsResponse?
    package var versionsMilliseconds: Double?
    package var roundTrips: [Double] = []
    package var obstacle: Obstacle?

    package init(_ address: BrokerAddress) { self.address = address }

    /// Whether requests are answered there.
    package var isUsable: Bool { obstacle == nil && versions != nil }
}
