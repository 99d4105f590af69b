// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing

@testable import KafkaClient

/// One token for all connections, replaced ahead of its end.
@Suite("TokenLogin", .timeLimit(.minutes(10)))
struct TokenLoginTests {
    private static let epoch: Int64 = 1_700_000_000_000

    /// Gives tokens that hold for an hour, and fails when it is told to.
    private final class Source: TokenSource {
        private struct State {
            var count = 0
            var failure: LoginError?
        }

        private let state = Mutex(State())
        private let clock: LoginClock

        init(_ clock: LoginClock) { self.clock = clock }

        var count: Int { state.withLock { $0.count } }

        func fail(_ reason: String?) {
            state.withLock { $0.failure = reason.map { LoginError($0, isRetriable: false) } }
        }

        func token() async throws(LoginError) -> BearerToken {
            let (count, failure) = state.withLock { state in
                state.count += 1
                return (state.count, state.failure)
            }
            if let failure { throw failure }
            let now = clock.now()
            return BearerToken(value: Secret("token-\(count)"), principal: "alice", start: now, end: now + 3_600_000)
        }
    }

    private let clock = ManualLoginClock(epoch)
    private let source: Source

    init() { source = Source(clock.clock) }

    private func makeLogin(extensions: [String: String] = [:]) -> TokenLogin {
        TokenLogin(source: source, extensions: extensions, clock: clock.clock, random: { 0 })
    }

    private func firstMessage(_ login: TokenLogin) async throws -> String {
        var mechanism = try await login.begin(host: "b")
        return try mechanism.start().text
    }

    @Test("the first token is got once, and all connections use it")
    func first() async throws {
        let login = makeLogin(extensions: ["logicalCluster": "lkc"])
        #expect(login.user == nil)
        try await login.prepare()
        try await login.prepare()
        for _ in 0..<3 {
            #expect(try await firstMessage(login) == "n,,\u{1}auth=Bearer token-1\u{1}logicalCluster=lkc\u{1}\u{1}")
        }
        #expect(login.user == "alice")
        #expect(source.count == 1)
        login.close()
    }

    @Test("a login that was not prepared gets its token with the first connection")
    func unprepared() async throws {
        let login = makeLogin()
        #expect(try await firstMessage(login).contains("token-1"))
        login.close()
    }

    @Test("a first token that is not to be had is an error")
    func noFirst() async throws {
        source.fail("no")
        let login = makeLogin()
        await #expect(throws: LoginError("no", isRetriable: false)) { try await login.prepare() }
        // It may go better next time.
        source.fail(nil)
        try await login.prepare()
        #expect(source.count == 2)
        login.close()
    }

    @Test("the token is replaced when its time has come, again and again")
    func refresh() async throws {
        let login = makeLogin()
        try await login.prepare()
        for count in 1...3 {
            #expect(await clock.nextWait() == 2_880_000)
            #expect(try await firstMessage(login).contains("token-\(count)"))
            clock.passWait()
        }
        #expect(await clock.nextWait() == 2_880_000)
        #expect(try await firstMessage(login).contains("token-4"))
        login.close()
    }

    @Test("a refresh that fails is tried every 10 s, and the old token is used until it is over")
    func failures() async throws {
        let login = makeLogin()
        try await login.prepare()
        #expect(await clock.nextWait() == 2_880_000)
        source.fail("token endpoint https://id/token: 503")
        clock.passWait()
        for _ in 0..<72 {
            #expect(await clock.nextWait() == 10_000)
            #expect(try await firstMessage(login).contains("token-1"))
            clock.passWait()
        }
        // An hour and a millisecond: the token is over.
        #expect(await clock.nextWait() == 10_000)
        #expect(try await firstMessage(login).contains("token-1"))
        clock.pass(1)
        let expected = LoginError("token endpoint https://id/token: 503", isRetriable: true)
        await #expect(throws: expected) { try await login.begin(host: "b") }

        source.fail(nil)
        clock.passWait()
        #expect(await clock.nextWait() == 2_880_000)
        #expect(try await firstMessage(login).contains("token-\(source.count)"))
        login.close()
    }

    @Test("a refresh that fails is reported each time with its reason and the next attempt, and its success once")
    func reported() async throws {
        let login = makeLogin()
        let news = Mutex<[LoginNews]>([])
        login.observe { one in news.withLock { $0.append(one) } }
        try await login.prepare()
        #expect(await clock.nextWait() == 2_880_000)
        source.fail("token endpoint https://id/token: 503")
        for _ in 0..<2 {
            clock.passWait()
            #expect(await clock.nextWait() == 10_000)
        }
        source.fail(nil)
        for _ in 0..<2 {
            clock.passWait()
            #expect(await clock.nextWait() == 2_880_000)
        }
        let failure = LoginNews.refreshFailed(reason: "token endpoint https://id/token: 503", retryIn: .seconds(10))
        #expect(news.withLock { $0 } == [failure, failure, .refreshed])
        login.close()
    }

    @Test("closing ends the work in the background, and no login begins any more")
    func close() async throws {
        let login = makeLogin()
        try await login.prepare()
        #expect(await clock.nextWait() == 2_880_000)
        login.close()
        login.close()
        #expect(await clock.nextWait() == -1)
        await #expect(throws: LoginError("the login has been closed", isRetriable: false)) {
            try await login.begin(host: "b")
        }
        #expect(source.count == 1)
    }

    @Test("a login that nobody holds any more ends its work")
    func dropped() async throws {
        var login: TokenLogin? = makeLogin()
        try await login?.prepare()
        #expect(await clock.nextWait() == 2_880_000)
        weak let gone = login
        login = nil
        #expect(gone == nil)
        #expect(await clock.nextWait() == -1)
    }

    @Test("no description shows the token")
    func hidden() async throws {
        let login = makeLogin()
        try await login.prepare()
        var dumped = "\(login)"
        dump(login, to: &dumped)
        dump(try await source.token(), to: &dumped)
        #expect(!dumped.contains("token-"))
        login.close()
    }
}
