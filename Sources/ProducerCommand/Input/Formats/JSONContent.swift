// SPDX-License-Identifier: Apache-2.0
import RecordText

/// Makes of the JSON of a key, a value or a header what is sent.
enum JSONContent {
    /// What a key or value has; text that has to be changed goes into `memory`. Nil for what is not in its encoding.
    static func field(
        _ place: JSONPlace,
        _ encoding: ContentEncoding,
        in bytes: Span<UInt8>,
        into memory: inout [UInt8]
    ) -> Field? {
        switch place {
        case .absent, .null: return .null
        case .other(let range): return .input(range)
        case .base64(let string): return decode(string, .base64, in: bytes, into: &memory)
        case .string(let string):
            if encoding == .text, !string.hasEscapes { return .input(string.content) }
            return decode(string, encoding, in: bytes, into: &memory)
        }
    }

    private static func decode(
        _ string: JSONString,
        _ encoding: ContentEncoding,
        in bytes: Span<UInt8>,
        into memory: inout [UInt8]
    ) -> Field? {
        memory.removeAll(keepingCapacity: true)
        guard string.hasEscapes else {
            return encoding.append(from: bytes.extracting(string.content), to: &memory) ? .scratch : nil
        }
        guard encoding != .text else {
            string.append(from: bytes, to: &memory)
            return .scratch
        }
        var text: [UInt8] = []
        string.append(from: bytes, to: &text)
        return encoding.append(from: text.span, to: &memory) ? .scratch : nil
    }

    /// Reads the headers whose places are in the scratch into its headers.
    static func readHeaders(in bytes: Span<UInt8>, _ scratch: inout RecordScratch) throws(JSONFault) {
        for place in scratch.places {
            let name = scratch.place(of: place.name, in: bytes)
            scratch.headers.append(HeaderField(name: name, value: try value(place.value, in: bytes, &scratch)))
        }
    }

    private static func value(
        _ place: JSONPlace,
        in bytes: Span<UInt8>,
        _ scratch: inout RecordScratch
    ) throws(JSONFault) -> TextPlace? {
        switch place {
        case .absent, .null: return nil
        case .string(let string): return scratch.place(of: string, in: bytes)
        case .other(let range): return .input(range)
        case .base64(let string):
            let start = scratch.text.count
            guard Base64Text.append(from: bytes.extracting(string.content), to: &scratch.text) else {
                throw JSONFault(.notBase64(.headers), at: string.content.lowerBound)
            }
            return .scratch(start..<scratch.text.count)
        }
    }
}
