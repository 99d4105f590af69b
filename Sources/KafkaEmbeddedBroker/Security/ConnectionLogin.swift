// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The login of one connection: the value that decides, shared by all requests of the connection.
final class ConnectionLogin {
    var login: SASLLogin

    init(_ login: SASLLogin) {
        self.login = login
    }

    /// Bytes that the next request may have, where the listener allows `limit`.
    func largestRequest(_ limit: Int) -> Int {
        login.name == nil ? min(limit, SASLLogin.largestRequest) : limit
    }
}
