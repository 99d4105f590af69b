// SPDX-License-Identifier: Apache-2.0

/// What a fault plan wants to happen to a connection that begins.
enum ConnectionFault: Hashable {
    /// Closed at once.
    case drop
    /// Never answered.
    case stall
    /// Answered with an alert of TLS, and closed.
    case alert(UInt8)
    /// Closed after so many bytes to the client.
    case closeAfter(bytes: Int)
    /// Clients are shown another certificate from now on.
    case certificate(EmbeddedBroker.TLS)
}
