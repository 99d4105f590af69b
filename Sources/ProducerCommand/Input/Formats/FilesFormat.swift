// SPDX-License-Identifier: Apache-2.0

/// Each input is one record, all of its bytes. In key and headers `{file}` stands for its name, and `{path}` for its path as it
/// was given.
struct FilesFormat: Equatable, Sendable {
    /// The key for every record, if there is one.
    var key: FixedKey?
    var headers: [HeaderArgument] = []

    /// The record that all of an input is.
    func parse(
        _ record: Range<Int>,
        of input: InputContext,
        into scratch: inout RecordScratch
    ) -> ParsedRecord {
        scratch.removeTexts()
        var parsed = ParsedRecord(value: .input(record))
        if let key {
            scratch.key = Self.fill(key.bytes, input)
            parsed.key = .scratch
        }
        for header in headers {
            let name = Self.keep(Array(header.name.utf8), &scratch)
            let value = header.value.map { Self.keep(Self.fill($0, input), &scratch) }
            scratch.headers.append(HeaderField(name: name, value: value))
        }
        return parsed
    }

    private static func keep(_ bytes: [UInt8], _ scratch: inout RecordScratch) -> TextPlace {
        let start = scratch.text.count
        scratch.text += bytes
        return .scratch(start..<scratch.text.count)
    }

    private static func fill(_ bytes: [UInt8], _ input: InputContext) -> [UInt8] {
        bytes.replacing("{file}".utf8, with: input.fileName.utf8).replacing("{path}".utf8, with: input.name.utf8)
    }
}
