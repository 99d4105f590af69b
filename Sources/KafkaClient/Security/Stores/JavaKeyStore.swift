// SPDX-License-Identifier: Apache-2.0
import Crypto

/// Reads Java's own format: `FEEDFEED`, a version, a count, the entries and a hash over it all. Numbers have their highest
/// byte first.
struct JavaKeyStore {
    /// The number that begins every store of this format.
    static let magic: [UInt8] = [0xFE, 0xED, 0xFE, 0xED]
    private static let damaged = StoreFault("it is damaged: it ends too early")

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// The contents of a store. Without a password its hash is not checked, as in Java.
    static func contents(_ bytes: [UInt8], password: StorePassword?) throws(StoreFault) -> StoreContents {
        let hashSize = Insecure.SHA1.byteCount
        guard bytes.starts(with: magic) else { throw StoreFault("it is not in the format of JKS") }
        guard bytes.count >= magic.count + 8 + hashSize else { throw damaged }
        let body = bytes.dropLast(hashSize)
        if let password {
            let salt = Array("Mighty Aphrodite".utf8)
            guard StoreDigest.sha1.hash(password.utf16 + salt + body) == Array(bytes.suffix(hashSize)) else {
                throw .wrongPasswordOrDamaged
            }
        }
        var reader = JavaKeyStore(bytes: body, position: magic.count)
        return try reader.contents()
    }

    private mutating func contents() throws(StoreFault) -> StoreContents {
        let version = try number()
        guard version == 1 || version == 2 else { throw StoreFault("version \(version) of JKS is not supported") }
        var contents = StoreContents()
        for _ in 0..<(try number()) { try entry(into: &contents, version: version) }
        guard position == bytes.endIndex else { throw StoreFault("it is damaged: it has more bytes than entries") }
        return contents
    }

    private mutating func entry(into contents: inout StoreContents, version: Int) throws(StoreFault) {
        let kind = try number()
        let alias = try text()
        // When the entry was made.
        _ = try take(8)
        do throws(StoreFault) {
            switch kind {
            case 1:
                let key = try JavaKeyProtection.hidden(in: take(number()))
                var chain: [StoredCertificate] = []
                for _ in 0..<(try number()) { chain.append(try certificate(version)) }
                contents.keys.append(.init(alias: alias, key: .java(key), chain: chain))
            case 2: contents.trusted.append(.init(alias: alias, certificate: try certificate(version)))
            default: throw StoreFault("it is neither a key nor a certificate")
            }
        } catch {
            throw error.of(alias: alias)
        }
    }

    private mutating func certificate(_ version: Int) throws(StoreFault) -> StoredCertificate {
        if version == 2 {
            let type = try text()
            guard type == "X.509" || type == "X509" else { throw StoreFault("it is no X.509 certificate") }
        }
        return try StoredCertificate(take(number()))
    }

    private mutating func number() throws(StoreFault) -> Int { try take(4).reduce(0) { $0 << 8 | Int($1) } }

    /// A text in Java's variant of UTF-8, in which each unit of UTF-16 stands for itself.
    private mutating func text() throws(StoreFault) -> String {
        let size = try take(2).reduce(0) { $0 << 8 | Int($1) }
        var units: [UInt16] = []
        var rest = try take(size)[...]
        while let first = rest.popFirst() {
            let length = first < 0x80 ? 0 : first < 0xE0 ? 1 : 2
            guard first < 0xF0, first & 0xC0 != 0x80, rest.count >= length else { throw Self.damaged }
            let start = length == 0 ? UInt16(first) : UInt16(first & (length == 1 ? 0x1F : 0x0F))
            units.append(rest.prefix(length).reduce(start) { $0 << 6 | UInt16($1 & 0x3F) })
            rest = rest.dropFirst(length)
        }
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func take(_ count: Int) throws(StoreFault) -> [UInt8] {
        guard count <= bytes.endIndex - position else { throw Self.damaged }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }
}
