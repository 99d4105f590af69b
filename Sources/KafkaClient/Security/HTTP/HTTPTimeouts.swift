// SPDX-License-Identifier: Apache-2.0

/// How long a request by HTTP may take.
package struct HTTPTimeouts: Sendable, Equatable {
    /// Finding the host and connecting, and again the TLS handshake.
    package var connect: Duration = .seconds(10)
    /// From the request to the end of the answer.
    package var read: Duration = .seconds(30)

    /// The defaults.
    package init() {}

    /// Other limits.
    package init(connect: Duration, read: Duration) {
        self.connect = connect
        self.read = read
    }
}
