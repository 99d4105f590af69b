// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Assertions (RFC 7523): from a file, or made and signed here.
struct OAuthAssertion: Sendable {
    private enum Origin: Sendable {
        case file(WatchedFile<Secret>)
        case key(WatchedFile<AssertionKey>, template: WatchedFile<Template>?)
    }

    /// What a template file adds.
    private struct Template: Sendable {
        var header: [String: JSONValue]
        var payload: [String: JSONValue]
    }

    private let origin: Origin
    private let settings: OAuthAssertionSettings
    private let clock: LoginClock

    /// Looks at the files, so that what is wrong with them shows at the start.
    init(_ settings: OAuthAssertionSettings, clock: LoginClock) throws(SecurityRefusal) {
        self.settings = settings
        self.clock = clock
        if let file = settings.file {
            origin = .file(WatchedFile(file) { bytes throws(TokenFault) in try Self.finished(bytes) })
        } else {
            let key = "sasl.oauthbearer.assertion.private.key.file"
            guard let path = settings.privateKeyFile else {
                throw SecurityRefusal(
                    key: key,
                    "\(key) is not set, and neither is sasl.oauthbearer.assertion.file: an assertion needs one of them"
                )
            }
            let file = WatchedFile(path) { bytes throws(TokenFault) in
                try AssertionKey(pem: bytes, passphrase: settings.privateKeyPassphrase, for: settings.algorithm)
            }
            origin = .key(file, template: settings.templateFile.map { WatchedFile($0, read: Self.template) })
        }
        do throws(LoginError) {
            _ = try text()
        } catch {
            throw SecurityRefusal(key: "sasl.oauthbearer.assertion.*", error.reason)
        }
    }

    /// An assertion for now.
    func text() throws(LoginError) -> Secret {
        switch origin {
        case .file(let file): return try Self.named("sasl.oauthbearer.assertion.file", file)
        case .key(let file, let template):
            let added = try template.map { file throws(LoginError) in
                try Self.named("sasl.oauthbearer.assertion.template.file", file)
            }
            let signed = "\(part(header(added))).\(part(payload(added)))"
            let key = try Self.named("sasl.oauthbearer.assertion.private.key.file", file)
            do throws(TokenFault) {
                return Secret("\(signed).\(Base64URL.encode(try key.signature(of: signed)))")
            } catch {
                throw LoginError("\(file.path): \(error.reason)", isRetriable: false)
            }
        }
    }

    private func header(_ template: Template?) -> [String: JSONValue] {
        var header = template?.header ?? [:]
        header["alg"] = .string(settings.algorithm.rawValue)
        header["typ"] = .string("JWT")
        return header
    }

    /// Later layers win: settings, template, times.
    private func payload(_ template: Template?) -> [String: JSONValue] {
        let now = clock.now() / 1000
        var payload: [String: JSONValue] = [:]
        payload["aud"] = settings.audience.map { .string($0) }
        payload["iss"] = settings.issuer.map { .string($0) }
        payload["sub"] = settings.subject.map { .string($0) }
        payload.merge(template?.payload ?? [:]) { _, later in later }
        payload["iat"] = .integer(now)
        payload["exp"] = .integer(now + settings.lifetime.milliseconds / 1000)
        payload["nbf"] = .integer(now - settings.notBefore.milliseconds / 1000)
        if settings.includesID { payload["jti"] = .string(UUID().uuidString.lowercased()) }
        return payload
    }

    private func part(_ members: [String: JSONValue]) -> String {
        Base64URL.encode(Array(JSONValue.object(members).text.utf8))
    }

    /// What a file says, or its setting, its name and what is wrong.
    private static func named<Value>(_ key: String, _ file: WatchedFile<Value>) throws(LoginError) -> Value {
        do throws(TokenFault) {
            return try file.value()
        } catch {
            throw LoginError("\(key)=\(file.path): \(error.reason)", isRetriable: true)
        }
    }

    private static func finished(_ bytes: [UInt8]) throws(TokenFault) -> Secret {
        let text = OAuthText.trimmed(String(decoding: bytes, as: UTF8.self))
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }),
            parts.prefix(2).allSatisfy({ Base64URL.decode($0).flatMap { JSONValue($0) } != nil })
        else { throw TokenFault("Malformed JWT provided; expected three sections (header, payload, and signature)") }
        return Secret(text)
    }

    private static func template(_ bytes: [UInt8]) throws(TokenFault) -> Template {
        guard let value = JSONValue(bytes), case .object(let members) = value else {
            throw TokenFault("it must have the form {\"header\": {…}, \"payload\": {…}}")
        }
        return Template(header: try part("header", of: members), payload: try part("payload", of: members))
    }

    private static func part(
        _ name: String,
        of members: [String: JSONValue]
    ) throws(TokenFault) -> [String: JSONValue] {
        guard let value = members[name] else { return [:] }
        guard case .object(let part) = value else { throw TokenFault("its \(name) must be an object") }
        return part
    }
}
