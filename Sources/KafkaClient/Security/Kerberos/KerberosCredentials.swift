// SPDX-License-Identifier: Apache-2.0

/// Where a ticket comes from.
enum KerberosCredentials: Equatable, Sendable {
    /// A file with the keys of a principal. The library gets tickets with them, and new ones when they end.
    case keytab(path: String, principal: String)
    /// A file with tickets that a program such as kinit got; nil for the usual one.
    case cache(path: String?, principal: String?)

    /// Whose ticket it is, as far as it is told.
    var principal: String? {
        switch self {
        case .keytab(_, let principal): principal
        case .cache(_, let principal): principal
        }
    }

    /// The same for the library.
    ///
    /// - Parameter memory: A name for the tickets that keys bring, which stay in memory.
    /// - Returns: Keys and values of the library's own.
    func store(memory: String) -> [(key: String, value: String)] {
        switch self {
        case .keytab(let path, _): [("client_keytab", path), ("ccache", "MEMORY:\(memory)")]
        case .cache(let path?, _): [("ccache", path)]
        case .cache(nil, _): []
        }
    }

    /// In words, for messages.
    var words: String {
        switch self {
        case .keytab(let path, let principal):
            "no ticket for \(ForeignText.shown(principal)) with the keytab \(ForeignText.shown(path))"
        case .cache(let path, let principal):
            "no ticket" + (principal.map { " of \(ForeignText.shown($0))" } ?? "") + " in "
                + (path.map { "the ticket cache \(ForeignText.shown($0))" } ?? "the default ticket cache")
        }
    }
}
