// SPDX-License-Identifier: Apache-2.0

/// An answer by HTTP. Its headers and its body may hold a secret: no description shows them.
package struct HTTPAnswer: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The largest body.
    package static let mostBytes = 1 << 20

    /// 200 and the like.
    package let status: Int
    /// The headers by their names in lower case; of those with the same name the first.
    package let headers: [String: String]
    /// What came behind the headers.
    package internal(set) var body: [UInt8] = []

    init(status: Int, headers: [String: String]) {
        self.status = status
        self.headers = headers
    }

    /// The status.
    package var description: String { "status \(status)" }
    /// Nothing.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
