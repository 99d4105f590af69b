// SPDX-License-Identifier: Apache-2.0
import NIOHTTP1
import Testing

@testable import KafkaEmbeddedBroker

@Suite("What a request to the page asks for")
struct PageRequestTests {
    private func decide(_ uri: String, _ method: HTTPMethod = .GET, hosts: [String] = ["localhost:80"]) -> PageRequest {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: uri)
        for host in hosts { head.headers.add(name: "Host", value: host) }
        return PageRequest(head, hosts: ["example.internal"])
    }

    private func status(_ request: PageRequest) -> UInt {
        guard case .refused(let status, _) = request else { return 200 }
        return status.code
    }

    @Test(
        "a number, localhost and the broker's own name are answered, whatever the port and the letters",
        arguments: [
            "127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "localhost", "LocalHost:1", "example.internal:8080",
            "10.1.2.3",
        ]
    )
    func hosts(host: String) {
        #expect(decide("/", hosts: [host]) == .page)
    }

    @Test(
        "another name is refused, since it may be anybody's that leads here",
        arguments: ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "", "a b", "::1", "[evil]"]
    )
    func otherHosts(host: String) {
        #expect(status(decide("/", hosts: [host])) == 403)
        #expect(status(decide("/api/state", hosts: [host])) == 403)
    }

    @Test("a request has one Host header", arguments: [[], ["localhost", "localhost"]])
    func hostCount(hosts: [String]) {
        #expect(status(decide("/", hosts: hosts)) == 400)
    }

    @Test("the page and its state are all that there is")
    func paths() {
        #expect(decide("/") == .page)
        #expect(decide("/?x") == .page)
        #expect(decide("/", .HEAD) == .page)
        #expect(decide("/api/state") == .state(topic: nil))
        #expect(decide("/api/state?topic=orders") == .state(topic: "orders"))
        #expect(decide("/api/state?a=b&topic=o.r-d_s") == .state(topic: "o.r-d_s"))
        for path in ["", "/x", "//", "/api", "/api/state/", "/../etc/passwd", "*", "http://localhost/"] {
            #expect(status(decide(path)) == 404, "\(path)")
        }
    }

    @Test("nothing can be changed", arguments: [HTTPMethod.POST, .PUT, .DELETE, .OPTIONS, .RAW(value: "JUMP")])
    func methods(method: HTTPMethod) {
        #expect(status(decide("/", method)) == 405)
        #expect(status(decide("/api/state", method)) == 405)
        #expect(status(decide("/x", method)) == 404)
    }
}
