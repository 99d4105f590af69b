// SPDX-License-Identifier: Apache-2.0

/// A variable in a setting's value: `${provider:key}` or `${provider:path:key}`.
struct ConfigVariable: Hashable {
    /// A stretch of a value.
    enum Piece: Hashable {
        case text(String)
        case variable(ConfigVariable)
    }

    /// The provider's name in `config.providers`.
    var provider: String
    /// What the provider is asked for, or empty.
    var path: String
    /// The name of the value there.
    var key: String
    /// The variable as written.
    var text: String

    /// What is said of a variable whose provider is not there, after its text.
    var missingProvider: String { "is not filled in, because config.providers does not name \(provider)" }

    /// Cuts a value into variables and what is between them.
    ///
    /// A variable reaches from `${` to the next `}` and has a `:` in it; the first `:` ends the provider and the
    /// second, if any, the path. This is what Kafka's pattern `\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}` matches.
    static func pieces(of value: String) -> [Piece] {
        var pieces: [Piece] = []
        var text = ""
        var rest = value[...]
        while let start = rest.firstRange(of: "${") {
            text += rest[..<start.lowerBound]
            rest = rest[start.lowerBound...]
            if let variable = ConfigVariable(prefixOf: rest) {
                if !text.isEmpty { pieces.append(.text(text)) }
                text = ""
                pieces.append(.variable(variable))
                rest = rest.dropFirst(variable.text.count)
            } else {
                text += rest.prefix(1)
                rest = rest.dropFirst()
            }
        }
        text += rest
        if !text.isEmpty { pieces.append(.text(text)) }
        return pieces
    }

    private init?(prefixOf value: Substring) {
        guard let end = value.firstIndex(of: "}") else { return nil }
        let inner = value[..<end].dropFirst(2)
        let parts = inner.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        switch parts.count {
        case 2: self.init(provider: parts[0], path: "", key: parts[1], text: value[...end])
        case 3: self.init(provider: parts[0], path: parts[1], key: parts[2], text: value[...end])
        default: return nil
        }
    }

    private init(provider: Substring, path: Substring, key: Substring, text: Substring) {
        self.provider = String(provider)
        self.path = String(path)
        self.key = String(key)
        self.text = String(text)
    }
}
