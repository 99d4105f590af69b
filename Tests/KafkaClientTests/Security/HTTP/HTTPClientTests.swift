// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Testing

@testable import KafkaClient

/// Requests by HTTP to a server whose answers are scripted.
@Suite("HTTPClient", .timeLimit(.minutes(10)))
struct HTTPClientTests {
    private func ask(
        _ server: ScriptedServer,
        _ method: HTTPRequest.Method = .get,
        body: String = "",
        timeouts: HTTPTimeouts = HTTPTimeouts()
    ) async throws -> HTTPAnswer {
        var request = HTTPRequest(method, try HTTPURL("http://127.0.0.1:\(server.port)/path?query"))
        request.headers = [("X-One", Secret("1"))]
        request.body = Secret(body)
        return try await HTTPClient(tls: nil, timeouts: timeouts).send(request)
    }

    @Test("method, target, headers and body are sent, and the answer comes with its headers", arguments: [1, 2])
    func post(times: Int) async throws {
        let server = try await ScriptedServer([.status("201 Created", "body", headers: ["X-Two: 2", "x-two: 3"])])
        for _ in 0..<times {
            let answer = try await ask(server, .post, body: "a=b")
            #expect(answer.status == 201)
            #expect(answer.headers["x-two"] == "2")
            #expect(answer.body == Array("body".utf8))
        }
        let expected =
            "POST /path?query HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nX-One: 1\r\nConnection: close\r\n"
            + "Content-Length: 3\r\n\r\na=b"
        #expect(server.requests == [String](repeating: expected, count: times))
    }

    @Test("GET has no body, PUT says that it has none", arguments: [(HTTPRequest.Method.get, false), (.put, true)])
    func withoutBody(method: HTTPRequest.Method, hasLength: Bool) async throws {
        let server = try await ScriptedServer([.status("200 OK", "")])
        #expect(try await ask(server, method).body.isEmpty)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix(method.rawValue + " /path?query HTTP/1.1\r\n"))
        #expect(request.contains("Content-Length: 0") == hasLength)
    }

    @Test(
        "an answer may come in chunks, up to the end of the connection, or behind a hint",
        arguments: [
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\nabcde",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
        ]
    )
    func framings(text: String) async throws {
        let server = try await ScriptedServer([.bytes(Array(text.utf8))])
        let answer = try await ask(server)
        #expect(answer.status == 200)
        #expect(answer.body == Array("abcde".utf8))
    }

    @Test("a redirect is an answer like others")
    func redirect() async throws {
        let server = try await ScriptedServer([.status("302 Found", "", headers: ["Location: http://127.0.0.1:1/"])])
        let answer = try await ask(server)
        #expect(answer.status == 302)
        #expect(server.requests.count == 1)
    }

    @Test("1 MiB is an answer, a byte more is none, with a length and in chunks", arguments: [false, true])
    func limit(isChunked: Bool) async throws {
        for extra in [0, 1] {
            let count = HTTPAnswer.mostBytes + extra
            let body = [UInt8](repeating: 0x61, count: count)
            let head =
                isChunked
                ? "Transfer-Encoding: chunked\r\n\r\n\(String(count, radix: 16))\r\n"
                : "Content-Length: \(count)\r\n\r\n"
            let end = isChunked ? "\r\n0\r\n\r\n" : ""
            let server = try await ScriptedServer([
                .bytes(Array("HTTP/1.1 200 OK\r\n\(head)".utf8) + body + Array(end.utf8))
            ])
            if extra == 0 {
                #expect(try await ask(server).body.count == count)
            } else {
                await #expect(throws: HTTPFailure(.malformed, "the answer has more than 1 MiB")) {
                    try await ask(server)
                }
            }
        }
    }

    @Test(
        "an answer that is none fails",
        arguments: [
            ("", HTTPFailure.closedEarly), ("HTTP/1.1 200 OK\r\n", .closedEarly),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", .closedEarly),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", .closedEarly),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                HTTPFailure(.malformed, "the answer is none of HTTP")
            ),
            ("\u{15}\u{3}\u{3}\0\u{2}\u{2}P", HTTPFailure(.malformed, "the answer is none of HTTP")),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", HTTPFailure(.malformed, "the answer is none of HTTP")),
        ]
    )
    func malformed(text: String, expected: HTTPFailure) async throws {
        let server = try await ScriptedServer([.bytes(Array(text.utf8))])
        await #expect(throws: expected) { try await ask(server) }
    }

    @Test("a server that closes at once, one that is not there, and a name that is none")
    func unreachable() async throws {
        let server = try await ScriptedServer([.end])
        let early = await #expect(throws: HTTPFailure.self) { try await ask(server) }
        #expect(early?.kind == .closed)

        // Nobody listens on port 1; a port that was free a moment ago may be another test's by now.
        let gone = await #expect(throws: HTTPFailure.self) {
            try await HTTPClient(tls: nil).send(HTTPRequest(.get, HTTPURL("http://127.0.0.1:1/")))
        }
        #expect(gone?.kind == .connecting)

        await #expect(throws: HTTPFailure(.connecting, "the host name could not be resolved")) {
            try await HTTPClient(tls: nil).send(HTTPRequest(.get, HTTPURL("http://name.invalid/")))
        }
    }

    @Test("a server that says nothing more fails the request after its time", arguments: ["", "HTTP/1.1 200 OK\r\n"])
    func silent(text: String) async throws {
        let server = try await ScriptedServer([.silence(after: Array(text.utf8))])
        let timeouts = HTTPTimeouts(connect: .seconds(10), read: .milliseconds(1))
        await #expect(throws: HTTPFailure(.timedOut, "no answer within 1 ms")) {
            try await ask(server, timeouts: timeouts)
        }
    }

    @Test("a request is given up with its task")
    func cancelled() async throws {
        let server = try await ScriptedServer([.silence(after: [])])
        let task = Task { try await ask(server) }
        task.cancel()
        await #expect(throws: HTTPFailure.cancelled) { try await task.value }
    }

    @Test("a header with the end of a line in it is not sent")
    func headerInjection() async throws {
        let server = try await ScriptedServer([.status("200 OK", "")])
        var request = HTTPRequest(.get, try HTTPURL("http://127.0.0.1:\(server.port)/"))
        request.headers = [("X", Secret("hunter2\r\nY: z"))]
        let failure = await #expect(throws: HTTPFailure.self) { try await HTTPClient(tls: nil).send(request) }
        #expect(failure?.description.contains("hunter2") == false)
        #expect(server.requests.isEmpty)
    }

    @Test("no description shows headers or bodies")
    func hidden() throws {
        var request = HTTPRequest(.post, try HTTPURL("http://h/x?hunter2"))
        request.headers = [("Authorization", Secret("hunter2"))]
        request.body = Secret("hunter2")
        var answer = HTTPAnswer(status: 200, headers: ["x": "hunter2"])
        answer.body = Array("hunter2".utf8)
        var dumped = "\(request) \(answer)"
        dump(request, to: &dumped)
        dump(answer, to: &dumped)
        #expect(dumped.hasPrefix("POST http://h/x status 200"))
        #expect(!dumped.contains("hunter2"))
    }
}
