// SPDX-License-Identifier: Apache-2.0
import RecordText

/// What stands in inputs.
enum FuzzedText {
    static func json(_ bytes: [UInt8]) {
        var scanner = JSONScanner(0..<bytes.count)
        if let range = try? scanner.value(in: bytes.span) {
            precondition(range.upperBound == scanner.position && !range.isEmpty, "a value of no bytes")
            var again = JSONScanner(range)
            precondition((try? again.value(in: bytes.span)) == range, "a value alone is another one")
        }
        var headers: [HeaderPlace] = []
        guard let object = try? RecordObject(0..<bytes.count, in: bytes.span, headers: &headers) else { return }
        var text: [UInt8] = []
        for case .string(let string) in [object.key, object.value] + headers.map(\.value) {
            string.append(from: bytes.span, to: &text)
        }
        precondition(text.count <= bytes.count, "texts longer than what they were made of")
    }

    static func rows(_ bytes: [UInt8]) {
        var (framer, start, searched) = (CSVFramer(separator: UInt8(ascii: ",")), 0, 0)
        var fields: [CSVField] = []
        while let end = framer.end(in: bytes.span, start: &start, searched: &searched) {
            precondition(start <= end && searched > end, "a row that ends before it begins")
            try? CSVRow.read(start..<end, in: bytes.span, separator: UInt8(ascii: ","), into: &fields)
            start = searched
        }
    }

    /// The values of JSON one after another are the same in whatever pieces they come.
    static func values(_ bytes: [UInt8]) {
        let whole = ends(of: bytes, pieces: bytes.count)
        precondition(whole == ends(of: bytes, pieces: 3), "values are others in small pieces")
    }

    private static func ends(of bytes: [UInt8], pieces: Int) -> [Range<Int>] {
        var (framer, start, searched, count) = (JSONFramer(), 0, 0, 0)
        var values: [Range<Int>] = []
        repeat {
            count = min(count + max(1, pieces), bytes.count)
            while let end = framer.end(in: bytes.span.extracting(0..<count), start: &start, searched: &searched) {
                values.append(start..<end)
                start = searched
            }
        } while count < bytes.count
        return values
    }
}
