// SPDX-License-Identifier: Apache-2.0
import SwiftASN1

/// One value of a structure in BER or DER, of which every question may turn out to be wrong: it comes from a file.
struct EncodedValue {
    private static let unexpected = StoreFault("its structure is not what its format wants")

    private let node: ASN1Node

    /// The value that these bytes encode, with nothing after it.
    init(_ bytes: [UInt8]) throws(StoreFault) {
        do {
            node = try BER.parse(bytes)
        } catch {
            throw StoreFault("it is damaged: not a whole ASN.1 value")
        }
    }

    fileprivate init(_ node: ASN1Node) {
        self.node = node
    }

    /// The value with its tag and length.
    var encoded: [UInt8] { Array(node.encodedBytes) }

    /// Whether it is a sequence.
    var isSequence: Bool { node.identifier == .sequence }

    /// Whether it is a bit string.
    var isBitString: Bool { node.identifier == .bitString }

    /// Whether it has this number as its tag of the context.
    func isTagged(_ number: UInt) -> Bool {
        node.identifier == ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }

    /// The values of a sequence.
    func sequence() throws(StoreFault) -> Parts { try parts(of: .sequence) }

    /// The values of a set.
    func set() throws(StoreFault) -> Parts { try parts(of: .set) }

    /// The value within an explicit tag.
    func explicit(_ number: UInt) throws(StoreFault) -> EncodedValue {
        let identifier = ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
        var parts = try parts(of: identifier)
        let value = try parts.next()
        try parts.end()
        return value
    }

    /// The bytes of an octet string, which BER may write in pieces.
    func octets() throws(StoreFault) -> [UInt8] { try octets(as: .octetString) }

    /// The bytes of an octet string behind an implicit tag.
    func implicitOctets(_ number: UInt) throws(StoreFault) -> [UInt8] {
        try octets(as: ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific))
    }

    /// The bytes of a text in UTF-16.
    func utf16Text() throws(StoreFault) -> String {
        let bytes = try octets(as: .bmpString)
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return String(decoding: units, as: UTF16.self)
    }

    /// The name of an algorithm or of a kind of thing.
    func objectIdentifier() throws(StoreFault) -> ASN1ObjectIdentifier {
        do {
            return try ASN1ObjectIdentifier(berEncoded: node)
        } catch {
            throw Self.unexpected
        }
    }

    /// Whether it is an integer, of whatever size.
    var isInteger: Bool { node.identifier == .integer }

    /// A number that is not negative and small enough for counts.
    func count() throws(StoreFault) -> Int {
        guard node.identifier == .integer, case .primitive(let bytes) = node.content, let first = bytes.first,
            first < 0x80, bytes.count <= 5
        else { throw Self.unexpected }
        return bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    private func octets(as identifier: ASN1Identifier) throws(StoreFault) -> [UInt8] {
        guard node.identifier == identifier else { throw Self.unexpected }
        switch node.content {
        case .primitive(let bytes): return Array(bytes)
        case .constructed(let pieces):
            var bytes: [UInt8] = []
            for piece in pieces { bytes += try EncodedValue(piece).octets() }
            return bytes
        }
    }

    private func parts(of identifier: ASN1Identifier) throws(StoreFault) -> Parts {
        guard node.identifier == identifier, case .constructed(let nodes) = node.content else { throw Self.unexpected }
        return Parts(nodes: nodes.makeIterator())
    }

    /// The values within a value, one after the other.
    struct Parts {
        fileprivate var nodes: ASN1NodeCollection.Iterator

        /// The next value, which must be there.
        mutating func next() throws(StoreFault) -> EncodedValue {
            guard let value = nextIfAny() else { throw EncodedValue.unexpected }
            return value
        }

        /// The next value if there is one.
        mutating func nextIfAny() -> EncodedValue? { nodes.next().map { EncodedValue($0) } }

        /// All that is left.
        mutating func rest() -> [EncodedValue] {
            var values: [EncodedValue] = []
            while let value = nextIfAny() { values.append(value) }
            return values
        }

        /// Insists that nothing is left.
        mutating func end() throws(StoreFault) {
            guard nextIfAny() == nil else { throw EncodedValue.unexpected }
        }
    }
}
