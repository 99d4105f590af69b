// SPDX-License-Identifier: Apache-2.0

/// The address of something that speaks HTTP: `https://host:port/path?query`.
///
/// What follows the `?` is sent and never shown: some servers want a key there.
package struct HTTPURL: Sendable, Equatable, CustomStringConvertible {
    /// Why a text is no such address, as the end of a sentence. It shows nothing of the text.
    package struct Fault: Error, Equatable, Sendable {
        /// In words.
        package let reason: String
    }

    /// Whether TLS secures the connection.
    package let isSecure: Bool
    /// A name or an IP address, without brackets.
    package let host: String
    /// The port, which is 443 or 80 when the text has none.
    package let port: Int
    /// What the request names: path and query.
    package let target: String
    private let hasPort: Bool

    /// Reads an address.
    ///
    /// - Throws: For another scheme, for a missing host, for a name and a password, and for characters that none may have.
    package init(_ text: String) throws(Fault) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Fault(reason: "it has a blank or another character that must be encoded as in %20")
        }
        guard let colon = text.firstIndex(of: ":") else { throw Fault(reason: "it has no protocol such as https:") }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: throw Fault(reason: "only \"http\" and \"https\" can be asked")
        }
        guard rest.hasPrefix("//") else { throw Fault(reason: "it has no host") }
        let place = rest.dropFirst(2)
        let end = place.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? place.endIndex
        let authority = place[..<end]
        guard !authority.contains("@") else { throw Fault(reason: "it must have no user name in front of the host") }
        (host, hasPort, port) = try Self.authority(authority, standard: isSecure ? 443 : 80)
        let path = place[end...].prefix { $0 != "#" }
        target = path.hasPrefix("/") ? String(path) : "/" + path
    }

    private static func authority(
        _ text: Substring,
        standard: Int
    ) throws(Fault) -> (host: String, hasPort: Bool, port: Int) {
        var host = text
        var portText: Substring?
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { throw Fault(reason: "its host has no closing bracket") }
            host = text[text.index(after: text.startIndex)..<bracket]
            let rest = text[text.index(after: bracket)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw Fault(reason: "its host cannot be read") }
            portText = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            portText = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { throw Fault(reason: "it has no host") }
        guard let portText, !portText.isEmpty else { return (String(host), false, standard) }
        guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
            BrokerAddress.ports.contains(port)
        else { throw Fault(reason: "its port is none from 1 to 65535") }
        return (String(host), true, port)
    }

    /// The header `Host`.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return hasPort ? "\(name):\(port)" : name
    }

    /// The address without its query.
    package var description: String {
        "\(isSecure ? "https" : "http")://\(hostHeader)\(target.prefix { $0 != "?" })"
    }
}
