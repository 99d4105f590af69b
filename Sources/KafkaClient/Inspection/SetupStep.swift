// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// How far the setup of a connection has come, for those who want to see more than its end.
enum SetupStep {
    /// The TCP connection is there.
    case opened
    /// The TLS handshake is over, or has failed, as the handshake itself tells.
    case handshake(TLSHandshake, version: TLSVersion?)
    /// The broker has told its versions.
    case versions(ApiVersionsResponse)
    /// The broker accepts the login. With 0 it holds for ever.
    case loggedIn(sessionLifetimeMs: Int64)
}

extension ConnectionsObserver {
    /// Most want to know the end only.
    func connectionsReached(_ step: SetupStep) {}
}
