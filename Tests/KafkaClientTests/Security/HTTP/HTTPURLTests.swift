// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Addresses of servers that speak HTTP.
@Suite("HTTPURL")
struct HTTPURLTests {
    @Test(
        "host, port and target are found, and the query is not shown",
        arguments: [
            ("https://id.example/token", "id.example", 443, "/token", "https://id.example/token"),
            ("HTTP://id.example", "id.example", 80, "/", "http://id.example/"),
            ("https://id.example:8443?code=hunter2", "id.example", 8443, "/?code=hunter2", "https://id.example:8443/"),
            ("http://[::1]:8080/a/b?c=d#e", "::1", 8080, "/a/b?c=d", "http://[::1]:8080/a/b"),
            ("http://[fe80::1]/", "fe80::1", 80, "/", "http://[fe80::1]/"),
            ("http://h:/x#y?z", "h", 80, "/x", "http://h/x"),
        ]
    )
    func parts(text: String, host: String, port: Int, target: String, shown: String) throws {
        let url = try HTTPURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect("\(url)" == shown)
        #expect(url.isSecure == text.lowercased().hasPrefix("https"))
    }

    @Test(
        "what is no such address is refused, and not shown",
        arguments: [
            ("nonsense", "it has no protocol such as https:"),
            ("ftp://h/x", "only \"http\" and \"https\" can be asked"),
            ("https:/h", "it has no host"), ("https://", "it has no host"), ("https://:80/", "it has no host"),
            ("https://alice:hunter2@h/", "it must have no user name in front of the host"),
            ("https://h:0/", "its port is none from 1 to 65535"),
            ("https://h:65536/", "its port is none from 1 to 65535"),
            ("https://h:-1/", "its port is none from 1 to 65535"),
            ("https://[::1/", "its host has no closing bracket"), ("https://[::1]x/", "its host cannot be read"),
            ("https://h/a b", "it has a blank or another character that must be encoded as in %20"),
            ("https://h/\r\nX: y", "it has a blank or another character that must be encoded as in %20"),
            ("https://é/", "it has a blank or another character that must be encoded as in %20"),
        ]
    )
    func refusals(text: String, expected: String) {
        let fault = #expect(throws: HTTPURL.Fault.self) { try HTTPURL(text) }
        #expect(fault?.reason == expected)
    }
}
