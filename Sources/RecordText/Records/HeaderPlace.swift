// SPDX-License-Identifier: Apache-2.0

/// Where the name and the value of a header lie in the JSON of a record.
public struct HeaderPlace: Equatable, Sendable {
    /// The name.
    public var name: JSONString
    /// The value.
    public var value: JSONPlace
}

/// Reads the headers of a record in any of four shapes: kcat's flat array of names and values in turn, arrays of objects with
/// `key` (rpk, kaf) or `name` (dead letters) and `value`, and kafkactl's one object.
struct HeaderReader {
    /// Appends the headers that come next; null is none.
    static func read(
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>,
        to headers: inout [HeaderPlace]
    ) throws(JSONFault) {
        switch try scanner.kind(in: bytes) {
        case .null: _ = try scanner.word(in: bytes)
        case .object: try readObject(&scanner, in: bytes, to: &headers)
        case .array: try readArray(&scanner, in: bytes, to: &headers)
        case .string, .number, .bool: throw JSONFault(.wrongType(.headers), at: scanner.position)
        }
    }

    private static func readObject(
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>,
        to headers: inout [HeaderPlace]
    ) throws(JSONFault) {
        var name = try scanner.firstMember(in: bytes)
        while let present = name {
            headers.append(HeaderPlace(name: present, value: try scanner.place(in: bytes)))
            name = try scanner.nextMember(in: bytes)
        }
    }

    private static func readArray(
        _ scanner: inout JSONScanner,
        in bytes: Span<UInt8>,
        to headers: inout [HeaderPlace]
    ) throws(JSONFault) {
        var hasElement = try scanner.firstElement(in: bytes)
        while hasElement {
            if try scanner.kind(in: bytes) == .string {
                let name = try scanner.string(in: bytes)
                guard try scanner.nextElement(in: bytes) else {
                    throw JSONFault(.wrongType(.headers), at: scanner.position)
                }
                headers.append(HeaderPlace(name: name, value: try scanner.place(in: bytes)))
            } else {
                headers.append(try readPair(&scanner, in: bytes))
            }
            hasElement = try scanner.nextElement(in: bytes)
        }
    }

    /// An object with a name, under `key` or `name`, and a value, which may be absent for null.
    private static func readPair(_ scanner: inout JSONScanner, in bytes: Span<UInt8>) throws(JSONFault) -> HeaderPlace {
        let start = scanner.position
        guard try scanner.kind(in: bytes) == .object else { throw JSONFault(.wrongType(.headers), at: start) }
        var name: JSONString?
        var value = JSONPlace.null
        var member = try scanner.firstMember(in: bytes)
        while let present = member {
            let content = present.content
            switch content.count {
            case 3 where bytes.hasText("key", at: content.lowerBound),
                4 where bytes.hasText("name", at: content.lowerBound):
                guard try scanner.kind(in: bytes) == .string else {
                    throw JSONFault(.wrongType(.headers), at: scanner.position)
                }
                name = try scanner.string(in: bytes)
            case 5 where bytes.hasText("value", at: content.lowerBound): value = try scanner.place(in: bytes)
            default: _ = try scanner.value(in: bytes)
            }
            member = try scanner.nextMember(in: bytes)
        }
        guard let name else { throw JSONFault(.wrongType(.headers), at: start) }
        return HeaderPlace(name: name, value: value)
    }
}
