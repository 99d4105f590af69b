// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Tokens of an issuer on a loopback port, which answers as the test says. Time passes by itself: no test waits.
@Suite("EndpointTokenSource", .timeLimit(.minutes(10)))
struct EndpointTokenSourceTests {
    private static let token = "e30.\(Base64URL.encode(Array(#"{"sub":"alice","exp":4102444800}"#.utf8))).c2ln"
    private let clock = ManualLoginClock(0)

    private func ask(
        _ answers: [ScriptedServer.Answer],
        total: Duration = .seconds(10),
        changing change: (inout OAuthSettings) -> Void = { _ in }
    ) async throws -> (token: Result<BearerToken, LoginError>, requests: Int, url: String) {
        let server = try await ScriptedServer(answers)
        var settings = OAuthSettings()
        settings.tokenEndpoint = "http://127.0.0.1:\(server.port)/token?key=hunter2"
        settings.clientID = "id"
        settings.clientSecret = Secret("hunter2-secret")
        settings.retryBackoffMax = total
        change(&settings)
        let source = try Self.source(settings, clock.hurrying)
        let result: Result<BearerToken, LoginError>
        do throws(LoginError) { result = .success(try await source.token()) } catch { result = .failure(error) }
        return (result, server.requests.count, "http://127.0.0.1:\(server.port)/token")
    }

    private static func source(_ settings: OAuthSettings, _ clock: LoginClock) throws -> EndpointTokenSource {
        let login = try TokenLogin(settings, clock: clock)
        return try #require(login.source as? EndpointTokenSource)
    }

    private static func good(_ member: String = "access_token") -> ScriptedServer.Answer {
        .status("200 OK", #"{"\#(member)":" \#(token) ","token_type":"Bearer"}"#)
    }

    @Test(
        "a token is found in the answer",
        arguments: [
            good(), good("id_token"), .status("201 Created", #"{"access_token":"","id_token":"\#(token)"}"#),
            .status("200 OK", #"{"access_token":1,"id_token":"\#(token)"}"#),
        ]
    )
    func found(answer: ScriptedServer.Answer) async throws {
        let result = try await ask([answer])
        let token = try result.token.get()
        #expect(token.value == Secret(Self.token))
        #expect(token.principal == "alice")
        #expect(result.requests == 1)
    }

    @Test("what may go better is tried again, with waits that double")
    func again() async throws {
        let result = try await ask([
            .status("500 Oops", "x"), .status("503 Busy", ""), .status("429 Slow", ""), .status("408 Late", ""), .end,
            .status("200 OK", ""), Self.good(),
        ])
        #expect(try result.token.get().principal == "alice")
        for wait in [100, 200, 400, 800, 1600, 3200] as [Int64] { #expect(await clock.nextWait() == wait) }
    }

    @Test("attempts end with their time, and the last reason is told")
    func timeIsOver() async throws {
        let result = try await ask([.status("503 Busy", #"{"error":"busy","error_description":"try later"}"#)])
        #expect(
            result.token
                == .failure(
                    LoginError("token endpoint \(result.url): 503 busy - try later", isRetriable: true)
                )
        )
        // 0.1 + 0.2 + 0.4 + 0.8 + 1.6 + 3.2 s, and the 3.7 s that are left.
        #expect(result.requests == 8)
    }

    @Test(
        "an answer that says no is not asked for twice, and its reason is told",
        arguments: [
            (
                "401 Unauthorized", #"{"error":"invalid_client","error_description":"Bad credentials"}"#,
                "401 invalid_client - Bad credentials"
            ),
            ("400 Bad", #"{"error":"invalid_scope"}"#, "400 invalid_scope"),
            (
                "403 No", #"{"errorCode":"E0000006","errorSummary":"No\u001b[2J permission"}"#,
                "403 E0000006 - No?[2J permission"
            ),
            ("404 Not Found", "<html>hunter2</html>", "404"), ("400 Bad", #"["hunter2"]"#, "400"),
            ("405 No", "", "405"),
            ("400 Bad", #"{"error":{"x":"hunter2"}}"#, "400"), ("501 No", #"{"error":7}"#, "501 7"),
            // An issuer that repeats what it was sent.
            (
                "401 No", #"{"error":"x","error_description":"got hunter2-secret and aWQ6aHVudGVyMi1zZWNyZXQ="}"#,
                "401 x - got [hidden] and [hidden]"
            ),
            ("200 OK", "hunter2", "its answer is no JSON"),
            ("200 OK", #"{"token":"hunter2"}"#, "its answer has neither access_token nor id_token"),
            (
                "200 OK", #"{"access_token":"hunter2"}"#,
                "its token cannot be used: Malformed JWT provided; expected three sections (header, payload, and signature)"
            ),
        ]
    )
    func refused(status: String, body: String, expected: String) async throws {
        let result = try await ask([.status(status, body)])
        #expect(
            result.token == .failure(LoginError("token endpoint \(result.url): \(expected)", isRetriable: false))
        )
        #expect(result.requests == 1)
    }

    @Test("the issuer's time is compared with this machine's")
    func time() async throws {
        let body = #"{"access_token":"\#(Self.token)"}"#
        let result = try await ask([.status("200 OK", body, headers: ["Date: Thu, 01 Jan 1970 01:00:00 GMT"])])
        let clock = try result.token.get().clock
        #expect(clock == ClockComparison(source: "the token endpoint", aheadMilliseconds: -3_600_500))
        #expect(try await ask([Self.good()]).token.get().clock == nil)
    }

    @Test("whoever gives up gets the reason of the last attempt")
    func givenUp() async throws {
        let (waits, continuation) = AsyncStream.makeStream(of: Void.self)
        // Waits until the task is cancelled.
        let clock = LoginClock(now: { 0 }) { _ in
            continuation.yield()
            try await Task.sleep(for: .seconds(3600))
        }
        var settings = OAuthSettings()
        settings.tokenEndpoint = "http://127.0.0.1:1/"
        settings.clientID = "id"
        settings.clientSecret = Secret("secret")
        let source = try Self.source(settings, clock)
        let task = Task { () async -> LoginError? in
            do throws(LoginError) { _ = try await source.token() } catch { return error }
            return nil
        }
        for await _ in waits { break }
        task.cancel()
        let expected = LoginError("token endpoint http://127.0.0.1:1/: Connection refused", isRetriable: true)
        #expect(await task.value == expected)
    }

    @Test("redirects are not followed")
    func redirect() async throws {
        let result = try await ask(
            [.status("302 Found", "", headers: ["Location: /elsewhere"])],
            total: .milliseconds(100)
        )
        #expect(result.token == .failure(LoginError("token endpoint \(result.url): 302", isRetriable: true)))
        #expect(result.requests == 2)
    }

    @Test("an issuer that says nothing is given up in time")
    func silent() async throws {
        let result = try await ask([.silence(after: [])], total: .milliseconds(100)) { settings in
            settings.readTimeout = .milliseconds(1)
        }
        #expect(
            result.token
                == .failure(LoginError("token endpoint \(result.url): no answer within 1 ms", isRetriable: true))
        )
    }

    @Test("an issuer that is not there is told with the system's words")
    func unreachable() async throws {
        // Nobody listens on port 1.
        let result = try await ask([.end], total: .milliseconds(100)) { settings in
            settings.tokenEndpoint = "http://127.0.0.1:1/"
        }
        let expected = "token endpoint http://127.0.0.1:1/: Connection refused"
        #expect(result.token == .failure(LoginError(expected, isRetriable: true)))
    }

    @Test("the issuer gets id, secret and scope")
    func request() async throws {
        let server = try await ScriptedServer([Self.good()])
        var settings = OAuthSettings()
        settings.tokenEndpoint = "http://127.0.0.1:\(server.port)/token?x=y"
        settings.clientID = "id"
        settings.clientSecret = Secret("secret")
        settings.scope = "a b"
        let login = try TokenLogin(settings)
        try await login.prepare()
        #expect(login.user == "alice")
        login.close()
        #expect(
            server.requests == [
                "POST /token?x=y HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nAccept: application/json\r\n"
                    + "Authorization: Basic aWQ6c2VjcmV0\r\nCache-Control: no-cache\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: 39\r\n\r\n"
                    + "grant_type=client_credentials&scope=a+b"
            ]
        )
    }
}
