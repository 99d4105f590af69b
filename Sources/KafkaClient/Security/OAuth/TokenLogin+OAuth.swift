// SPDX-License-Identifier: Apache-2.0

extension TokenLogin {
    /// A login with the tokens of an issuer, or of a file.
    ///
    /// Files and stores are read here: not for an event loop.
    ///
    /// - Throws: For settings that do not go together, and for files that cannot be used.
    package convenience init(_ settings: OAuthSettings, clock: LoginClock = .system) throws(SecurityRefusal) {
        var notes = settings.notes
        let source: any TokenSource
        switch try OAuthPlace(settings) {
        case .file(let path): source = try Self.fileSource(path, settings)
        case .endpoint(let url):
            source = try Self.endpointSource(url, settings, clock: clock, notes: &notes)
        }
        self.init(
            source: source,
            refresh: settings.refresh,
            extensions: settings.extensions,
            notes: notes,
            clock: clock
        )
    }

    private static func fileSource(_ path: String, _ settings: OAuthSettings) throws(SecurityRefusal) -> FileTokenSource
    {
        let source = FileTokenSource(path: path, check: settings.check)
        do throws(StoreFault) {
            _ = try StoreFile.read(path)
        } catch {
            throw SecurityRefusal(key: OAuthPlace.key, "\(OAuthPlace.key): token file \(path): \(error.reason)")
        }
        return source
    }

    private static func endpointSource(
        _ url: HTTPURL,
        _ settings: OAuthSettings,
        clock: LoginClock,
        notes: inout [String]
    ) throws(SecurityRefusal) -> EndpointTokenSource {
        let grant = try settings.grant(clock: clock)
        guard settings.retryBackoff <= settings.retryBackoffMax else {
            throw SecurityRefusal(
                key: "sasl.login.retry.backoff.max.ms",
                "sasl.login.retry.backoff.max.ms=\(settings.retryBackoffMax.milliseconds) is less than "
                    + "sasl.login.retry.backoff.ms=\(settings.retryBackoff.milliseconds)"
            )
        }
        var tls: TLSContext?
        if url.isSecure {
            let context: TLSContext
            do throws(SecurityRefusal) {
                context = try TLSContext(settings.endpointTLS, to: .tokenEndpoint)
            } catch {
                throw SecurityRefusal(key: "sasl.jaas.config", "sasl.jaas.config: for the token endpoint: \(error)")
            }
            notes += context.notes.map { "token endpoint: \($0)" }
            tls = context
        } else {
            notes.append("the token endpoint \(url) has no TLS: the secret and the token can be read on their way")
        }
        let timeouts = HTTPTimeouts(connect: settings.connectTimeout, read: settings.readTimeout)
        return EndpointTokenSource(
            url: url,
            grant: grant,
            scope: OAuthText.words(settings.scope),
            check: settings.check,
            client: HTTPClient(tls: tls, timeouts: timeouts),
            backoff: settings.retryBackoff,
            total: settings.retryBackoffMax,
            clock: clock
        )
    }
}

extension OAuthSettings {
    /// What a token must have.
    fileprivate var check: TokenCheck {
        TokenCheck(scopeClaimName: scopeClaimName, subjectClaimName: subjectClaimName)
    }

    /// By what tokens are asked for.
    fileprivate func grant(clock: LoginClock) throws(SecurityRefusal) -> TokenGrant {
        if retriever == .jwtBearer { return .jwtBearer(try OAuthAssertion(assertion, clock: clock)) }
        let id = OAuthText.words(clientID)
        if assertion.isWanted { return .assertion(try OAuthAssertion(assertion, clock: clock), id: id) }
        guard let id else { throw Self.missing("id") }
        guard let secret = OAuthText.words(clientSecret?.text) else { throw Self.missing("secret") }
        return .secret(id: id, secret: Secret(secret), encodesHeader: encodesHeader)
    }

    private static func missing(_ part: String) -> SecurityRefusal {
        let key = "sasl.oauthbearer.client.credentials.client.\(part)"
        return SecurityRefusal(key: key, "\(key) is not set, and a token endpoint needs it")
    }
}
