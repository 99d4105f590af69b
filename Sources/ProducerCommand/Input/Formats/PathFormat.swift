// SPDX-License-Identifier: Apache-2.0
import RecordText

/// Lines of JSON that are sent as they are, with key, time, headers and topic taken out of them.
struct PathFormat: Equatable, Sendable {
    /// A header, and the number of the path to its value.
    struct Header: Equatable, Sendable {
        var name: String
        var path: Int
    }

    /// How the lines stand in the input.
    var lines = DelimitedFormat()
    /// All paths.
    var paths = JSONPaths([])
    /// The numbers of the paths.
    var key: Int?
    var timestamp: Int?
    var topic: Int?
    var headers: [Header] = []

    /// The record of a line, with what is not there as it is sent in `scratch`; `places` is memory to work in.
    func parse(
        _ record: Range<Int>,
        in bytes: Span<UInt8>,
        into scratch: inout RecordScratch,
        _ places: inout [JSONPlace]
    ) throws(RecordFault) -> ParsedRecord {
        scratch.removeTexts()
        do throws(JSONFault) {
            try paths.find(record, in: bytes, into: &places)
        } catch {
            throw .malformed(error, in: record, of: bytes)
        }
        var parsed = ParsedRecord(value: .input(record))
        if let key { parsed.key = try self.key(key, places[key], in: bytes, into: &scratch.key) }
        if let timestamp { parsed.timestamp = try time(timestamp, places[timestamp], record, in: bytes) }
        if let topic {
            switch places[topic] {
            case .string(let string): parsed.topic = scratch.place(of: string, in: bytes)
            case .absent, .null: break
            case .base64, .other: throw .malformed("\(paths.paths[topic].text) is no string, which a topic is")
            }
        }
        for header in headers { append(header, places[header.path], in: bytes, to: &scratch) }
        return parsed
    }

    private func key(
        _ path: Int,
        _ place: JSONPlace,
        in bytes: Span<UInt8>,
        into memory: inout [UInt8]
    ) throws(RecordFault) -> Field {
        switch place {
        case .absent: throw .malformed("there is no \(paths.paths[path].text) for the key")
        case .null: return .null
        case .string(let string): return string.field(in: bytes, into: &memory)
        case .other(let range): return .input(range)
        case .base64(let string): return .input(string.object(in: bytes))
        }
    }

    private func time(
        _ path: Int,
        _ place: JSONPlace,
        _ record: Range<Int>,
        in bytes: Span<UInt8>
    ) throws(RecordFault) -> Int64? {
        switch place {
        case .null: return nil
        case .absent: throw .malformed("there is no \(paths.paths[path].text) for the timestamp")
        case .string(let string):
            if let time = TimeParser.milliseconds(bytes, string.content) { return time }
        case .other(let range):
            if let number = DecimalNumber.parse(bytes, range), number >= 0 { return number }
        case .base64: break
        }
        throw .malformed(
            "\(paths.paths[path].text) is neither milliseconds nor a time such as 2026-11-29T15:50:22Z"
        )
    }

    /// A record without the value has no such header.
    private func append(
        _ header: Header,
        _ place: JSONPlace,
        in bytes: Span<UInt8>,
        to scratch: inout RecordScratch
    ) {
        let value: TextPlace?
        switch place {
        case .absent: return
        case .null: value = nil
        case .string(let string): value = scratch.place(of: string, in: bytes)
        case .other(let range): value = .input(range)
        case .base64(let string): value = .input(string.object(in: bytes))
        }
        let start = scratch.text.count
        scratch.text += header.name.utf8
        scratch.headers.append(HeaderField(name: .scratch(start..<scratch.text.count), value: value))
    }
}

extension JSONString {
    /// The text as a part of a record.
    fileprivate func field(in bytes: Span<UInt8>, into memory: inout [UInt8]) -> Field {
        guard hasEscapes else { return .input(content) }
        memory.removeAll(keepingCapacity: true)
        append(from: bytes, to: &memory)
        return .scratch
    }

    /// The object around the string, whose only member it is.
    fileprivate func object(in bytes: Span<UInt8>) -> Range<Int> {
        var (start, end) = (content.lowerBound, content.upperBound)
        while start > 0, bytes[start] != UInt8(ascii: "{") { start -= 1 }
        while end < bytes.count, bytes[end] != UInt8(ascii: "}") { end += 1 }
        return start..<min(end + 1, bytes.count)
    }
}
