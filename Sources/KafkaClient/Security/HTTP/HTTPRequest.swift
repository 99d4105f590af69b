// SPDX-License-Identifier: Apache-2.0

/// A request by HTTP. Its headers and its body are not for anybody's eyes: no description shows them.
package struct HTTPRequest: Sendable, CustomStringConvertible, CustomReflectable {
    /// What is done.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
    }

    /// What is done.
    package var method: Method
    /// Who is asked.
    package var url: HTTPURL
    /// Headers, but for `Host`, `Connection` and `Content-Length`, which are made.
    package var headers: [(name: String, value: Secret)] = []
    /// What is sent behind the headers.
    package var body = Secret([])

    /// A request without a body.
    package init(_ method: Method, _ url: HTTPURL) {
        self.method = method
        self.url = url
    }

    /// Method and address.
    package var description: String { "\(method.rawValue) \(url)" }
    /// Nothing.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
