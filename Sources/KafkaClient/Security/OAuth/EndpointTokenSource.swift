// SPDX-License-Identifier: Apache-2.0

/// Tokens of an issuer that is asked by HTTP.
struct EndpointTokenSource: TokenSource {
    let url: HTTPURL
    let grant: TokenGrant
    let scope: String?
    let check: TokenCheck
    let client: HTTPClient
    let backoff: Duration
    let total: Duration
    let clock: LoginClock

    /// Asks until there is an answer that says yes or no, or the time for all attempts together is over.
    func token() async throws(LoginError) -> BearerToken {
        var retry = TokenRetry(backoff: backoff, total: total, now: clock.now())
        var last: LoginError?
        while true {
            do throws(LoginError) {
                return try await attempt()
            } catch {
                // Whoever gives up wants to know what has kept the token from coming.
                if Task.isCancelled, let last { throw last }
                guard error.isRetriable, let wait = retry.next(now: clock.now()) else { throw error }
                last = error
                do { try await clock.sleep(wait) } catch _ { throw error }
            }
        }
    }

    private func attempt() async throws(LoginError) -> BearerToken {
        let (request, secrets) = try grant.request(to: url, scope: scope)
        let answer: HTTPAnswer
        do throws(HTTPFailure) {
            answer = try await client.send(request)
        } catch {
            throw failure(error)
        }
        guard answer.status == 200 || answer.status == 201 else {
            var text = "\(answer.status)"
            if let reason = TokenRefusal(answer.body) { text += " \(reason.text(hiding: secrets))" }
            throw failure(text, isRetriable: !TokenRetry.isFinal(status: answer.status))
        }
        guard !answer.body.isEmpty else { throw failure("\(answer.status) with an empty answer", isRetriable: true) }
        let value = JSONValue(answer.body)
        let texts = ["access_token", "id_token"].compactMap { value?[$0]?.string }
        guard let text = texts.first(where: { !OAuthText.trimmed($0).isEmpty }) else {
            throw failure(
                value == nil ? "its answer is no JSON" : "its answer has neither access_token nor id_token",
                isRetriable: false
            )
        }
        do throws(TokenFault) {
            var token = try check.token(text)
            token.clock = comparison(answer)
            return token
        } catch {
            throw failure("its token cannot be used: \(error.reason)", isRetriable: false)
        }
    }

    /// Compares this machine's clock with the endpoint's, which tells whole seconds: on average half a second less than it is.
    private func comparison(_ answer: HTTPAnswer) -> ClockComparison? {
        answer.headers["date"].flatMap { HTTPDate($0) }.map { date in
            ClockComparison(source: "the token endpoint", aheadMilliseconds: clock.now() - date.milliseconds - 500)
        }
    }

    private func failure(_ error: HTTPFailure) -> LoginError {
        switch error.kind {
        case .tls: failure("\(error) (for this endpoint ssl.* are options in sasl.jaas.config)", isRetriable: false)
        case .cancelled: failure("\(error)", isRetriable: false)
        case .connecting, .timedOut, .closed, .malformed: failure("\(error)", isRetriable: true)
        }
    }

    private func failure(_ text: String, isRetriable: Bool) -> LoginError {
        LoginError("token endpoint \(url): \(text)", isRetriable: isRetriable)
    }
}
