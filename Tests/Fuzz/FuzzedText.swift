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
}
