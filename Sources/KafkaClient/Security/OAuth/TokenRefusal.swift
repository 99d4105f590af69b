// SPDX-License-Identifier: Apache-2.0

/// What an issuer says when it gives no token: `error` and `error_description`, or `errorCode` and `errorSummary`.
struct TokenRefusal: Equatable {
    private let code: String
    private let reason: String?

    /// Reads an answer; nil for one that says nothing of the kind.
    init?(_ body: [UInt8]) {
        guard let value = JSONValue(body) else { return nil }
        let isError = value["error"] != nil
        guard let code = (value["error"] ?? value["errorCode"]).flatMap(Self.words) else { return nil }
        self.code = code
        reason = value[isError ? "error_description" : "errorSummary"].flatMap(Self.words)
    }

    private static func words(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): OAuthText.trimmed(text).isEmpty ? nil : text
        case .integer, .number, .bool: value.text
        case .null, .array, .object: nil
        }
    }

    /// In one line. An issuer may repeat what it was sent: that is hidden.
    func text(hiding secrets: [String]) -> String {
        var text = reason.map { "\(code) - \($0)" } ?? code
        for secret in secrets where !secret.isEmpty { text = text.replacing(secret, with: "[hidden]") }
        return ForeignText.shown(text)
    }
}
