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
        var shape = RecordShape()
        let read = try? RecordObject(0..<bytes.count, in: bytes.span, headers: &headers, shape: &shape)
        // The second time its names are expected, the third time what it says.
        for _ in 0..<2 {
            let expected = try? RecordObject(0..<bytes.count, in: bytes.span, headers: &headers, shape: &shape)
            precondition("\(read as Any)" == "\(expected as Any)", "an object is read otherwise when it is expected")
        }
        guard let object = read else { return }
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

    /// A record ends at the same byte in whatever pieces it comes.
    static func layouts(_ bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: 0),
            let layout = try? RecordLayout(String(decoding: bytes[..<end], as: UTF8.self))
        else { return }
        let records = Array(bytes[(end + 1)...].prefix(200))
        var reader = RecordLayoutReader(layout)
        var start = 0
        while start < records.count {
            let whole = reader.read(records.span, from: start, isEnd: false)
            for count in start..<records.count {
                let part = reader.read(records.span.extracting(0..<count), from: start, isEnd: false)
                if case .record(let end) = part { precondition(whole == .record(end: end), "another end in a piece") }
                if case .malformed = part, case .record = whole {
                    preconditionFailure("a fault in a piece of a record")
                }
            }
            _ = reader.read(records.span, from: start, isEnd: true)
            guard case .record(let end) = whole, end > start else { return }
            precondition(end <= records.count, "a record beyond the bytes")
            start = end
        }
    }

    static func utf16(_ bytes: [UInt8]) {
        for order in [nil, .big, .little] as [UTF16Converter.ByteOrder?] {
            let (whole, parts) = (text(of: bytes, order, pieces: bytes.count), text(of: bytes, order, pieces: 3))
            precondition(whole == parts, "another text in small pieces")
            let isWhole = LoneSurrogate.firstIndex(in: whole.span, 0..<whole.count) == nil
            precondition(isWhole == (String(validating: whole, as: UTF8.self) != nil), "half a character is not found")
        }
    }

    private static func text(of bytes: [UInt8], _ order: UTF16Converter.ByteOrder?, pieces: Int) -> [UInt8] {
        var (converter, text, start) = (UTF16Converter(order), [UInt8](), 0)
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, pieces))
            converter.convert(bytes.span.extracting(start..<end), to: &text)
            start = end
        }
        converter.finish(to: &text)
        return text
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
