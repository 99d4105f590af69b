// SPDX-License-Identifier: Apache-2.0

extension BootstrapServer {
    /// Why a text is no entry of `bootstrap.servers`.
    @nonexhaustive
    public enum ParsingError: Error, Sendable, Hashable {
        /// It is not `host:port`.
        case notAnAddress
        /// The port is not a number from 0 to 65535.
        case invalidPort
        /// It begins with something that is no security protocol, such as `https://` or the name of a listener.
        case otherProtocol
    }

    /// Reads `host:port`, `[IPv6]:port` or `PROTOCOL://host:port` with a security protocol. No host at all means this machine.
    ///
    /// The Java client takes any protocol and ignores it. Here a word that is none is an error; and merging refuses one that
    /// is not `security.protocol`, since a user who writes `SSL://` means to send nothing in plain text.
    ///
    /// - Parameter text: the entry.
    /// - Throws: `ParsingError`.
    public init(_ text: String) throws(ParsingError) {
        var rest = text.utf8[...]
        if let name = Self.protocolName(text) {
            guard name.isEmpty || SecurityProtocol(rawValue: name.uppercased()) != nil else { throw .otherProtocol }
            rest = rest.dropFirst(name.utf8.count + 3)
        }
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

    /// What stands before `://`, if the text begins so.
    static func protocolName(_ text: String) -> String? {
        guard let end = text.utf8.firstIndex(where: { !isNameByte($0) }), text.utf8[end...].starts(with: "://".utf8)
        else {
            return nil
        }
        return String(text[..<end])
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
