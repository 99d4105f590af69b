// SPDX-License-Identifier: Apache-2.0

extension BootstrapServer {
    /// Why a text is no entry of `bootstrap.servers`.
    public enum ParsingError: Error, Sendable, Hashable {
        /// It is not `host:port`.
        case notAnAddress
        /// The port is not a number from 0 to 65535.
        case invalidPort
    }

    /// Reads `host:port`, `[IPv6]:port` or `PROTOCOL://host:port`, as the Java client does; the protocol is not looked
    /// at. No host at all means this machine.
    ///
    /// - Parameter text: the entry.
    /// - Throws: `ParsingError`.
    public init(_ text: String) throws(ParsingError) {
        var rest = text.utf8[...]
        if let scheme = Self.scheme(of: rest) { rest = rest[scheme...] }
        guard let colon = rest.lastIndex(of: UInt8(ascii: ":")) else { throw .notAnAddress }
        let digits = rest[rest.index(after: colon)...]
        var host = rest[..<colon]
        if host.first == UInt8(ascii: "[") { host.removeFirst() }
        if host.last == UInt8(ascii: "]") { host.removeLast() }
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            host.allSatisfy({ Self.isNameByte($0) || $0 == UInt8(ascii: ":") })
        else { throw .notAnAddress }
        guard let port = Int(String(Substring(digits))), port <= 65_535 else { throw .invalidPort }
        self.init(host: host.isEmpty ? "localhost" : String(Substring(host)), port: port)
    }

    /// Where the text goes on behind `PROTOCOL://`, if it begins so.
    private static func scheme(of text: Substring.UTF8View) -> Substring.UTF8View.Index? {
        guard let end = text.firstIndex(where: { !isNameByte($0) }), text[end...].starts(with: "://".utf8) else {
            return nil
        }
        return text.index(end, offsetBy: 3)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "%"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
