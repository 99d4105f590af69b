// SPDX-License-Identifier: Apache-2.0

/// What `--ui` says: a port, and before it the address if it is not that of this machine alone.
struct PageAddress: Equatable {
    /// nil for this machine alone.
    var host: String?
    var port: Int

    init(_ text: String) throws(UsageError) {
        let colon = text.lastIndex(of: ":")
        let digits = colon.map { text[text.index(after: $0)...] } ?? text[...]
        var host = colon.map { String(text[..<$0]) }
        if let bracketed = host, bracketed.hasPrefix("["), bracketed.hasSuffix("]") {
            host = String(bracketed.dropFirst().dropLast())
        }
        guard let port = Int(digits), (0...65_535).contains(port), host != "" else {
            throw UsageError("--ui \(text): it must be a port from 0 to 65535, or HOST:PORT")
        }
        self.host = host
        self.port = port
    }
}
