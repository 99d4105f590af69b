// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Logs in by OAUTHBEARER: one token for all connections, which is replaced ahead of its end.
///
/// A refresh that fails is tried again every 10 s. The token that is there is used meanwhile; once it is over, logins fail
/// with the reason for which there is no other. The work in the background ends with ``close()``, or when nobody holds the
/// login any more.
package final class TokenLogin: ClientLogin {
    private struct State {
        var token: BearerToken?
        /// Why the last refresh failed; nil when it did not.
        var failure: LoginError?
        var refreshing: Task<Void, Never>?
        var isClosed = false
        var observer: (@Sendable (LoginNews) -> Void)?
    }

    /// What to tell the user at the start. No text shows a secret.
    package let notes: [String]
    let source: any TokenSource
    private let extensions: [String: String]
    private let schedule: TokenRefreshSchedule
    private let clock: LoginClock
    private let random: @Sendable () -> Double
    private let state = Mutex(State())

    /// OAUTHBEARER.
    package var mechanism: SASLMechanismName { .oauthBearer }
    /// Whose the token is, once there is one.
    package var user: String? { state.withLock { $0.token?.principal } }

    /// What the clocks say of the token.
    package var doubt: String? { state.withLock { $0.token }?.doubt(now: clock.now()) }
    /// What the issuer's time says of this machine's clock.
    package var clockComparison: ClockComparison? { state.withLock { $0.token?.clock } }

    /// A login with the tokens of a source.
    ///
    /// - Parameters:
    ///   - source: Where tokens are from.
    ///   - refresh: When they are replaced.
    ///   - extensions: What brokers are told besides.
    ///   - notes: What to tell the user at the start.
    ///   - clock: The time.
    ///   - random: Numbers from 0 to 1.
    package init(
        source: any TokenSource,
        refresh: TokenRefreshSettings = TokenRefreshSettings(),
        extensions: [String: String] = [:],
        notes: [String] = [],
        clock: LoginClock = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.source = source
        self.extensions = extensions
        self.notes = notes
        self.clock = clock
        self.random = random
        schedule = TokenRefreshSchedule(settings: refresh)
    }

    deinit { state.withLock { $0.refreshing }?.cancel() }

    package func observe(by observer: @escaping @Sendable (LoginNews) -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// Gets the first token.
    package func prepare() async throws(LoginError) {
        guard state.withLock({ $0.token == nil && !$0.isClosed }) else { return }
        let token = try await source.token()
        let due = take(token)
        // It ends with `close()`, and with the login itself, of which it holds nothing while it waits.
        let task = Task { [weak self, source, clock] in
            var due = due
            while !Task.isCancelled {
                do { try await clock.sleep(due - clock.now()) } catch { return }
                let next: Int64?
                do throws(LoginError) {
                    let token = try await source.token()
                    next = self?.take(token)
                } catch {
                    next = self?.failed(error)
                }
                guard let next else { return }
                due = next
            }
        }
        let isOver = state.withLock { state in
            let isOver = state.isClosed || state.refreshing != nil
            if !isOver { state.refreshing = task }
            return isOver
        }
        if isOver { task.cancel() }
    }

    package func begin(host: String) async throws(LoginError) -> any SASLMechanism {
        if state.withLock({ $0.token == nil }) { try await prepare() }
        let now = clock.now()
        let (token, failure, isClosed) = state.withLock { ($0.token, $0.failure, $0.isClosed) }
        guard let token, !isClosed else { throw LoginError("the login has been closed", isRetriable: false) }
        if let failure, token.end < now { throw LoginError(failure.reason, isRetriable: true) }
        return OAuthBearerMechanism(token: token.value, extensions: extensions)
    }

    /// Ends the work in the background.
    package func close() {
        let task = state.withLock { state in
            state.isClosed = true
            state.observer = nil
            return state.refreshing.take()
        }
        task?.cancel()
    }

    /// Uses a token from now on, and says when the next one is due.
    private func take(_ token: BearerToken) -> Int64 {
        let observer = state.withLock { state in
            let observer = state.failure == nil ? nil : state.observer
            state.token = token
            state.failure = nil
            return observer
        }
        observer?(.refreshed)
        return schedule.refresh(of: token, now: clock.now(), random: random())
    }

    /// Keeps the token that is there, and says when it is tried again.
    private func failed(_ error: LoginError) -> Int64 {
        let observer = state.withLock { state in
            state.failure = error
            return state.observer
        }
        let now = clock.now()
        let next = schedule.retry(now: now)
        observer?(.refreshFailed(reason: error.reason, retryIn: .milliseconds(next - now)))
        return next
    }
}
