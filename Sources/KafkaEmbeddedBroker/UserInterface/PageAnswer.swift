// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1

/// What a request to the page is answered.
struct PageAnswer {
    var status = HTTPResponseStatus.ok
    var contentType: String
    var body: ByteBuffer
    /// What the browser may do with the page.
    var contentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'"

    /// The head of the response. The connection ends behind it.
    var head: HTTPResponseHead {
        var headers: HTTPHeaders = [
            "Content-Type": contentType,
            "Content-Length": "\(body.readableBytes)",
            "Content-Security-Policy": contentSecurityPolicy,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "Connection": "close",
        ]
        if status == .methodNotAllowed { headers.add(name: "Allow", value: "GET, HEAD") }
        return HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    }
}
