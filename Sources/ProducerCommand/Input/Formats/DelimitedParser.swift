// SPDX-License-Identifier: Apache-2.0

/// Parts a delimited record into headers, key and value.
struct DelimitedParser: Sendable {
    /// The parts of a record, as ranges of the bytes it lies in.
    struct Parts: Equatable, Sendable {
        /// The text of all headers, nil for none.
        var headers: Range<Int>?
        /// Nil for a null key.
        var key: Range<Int>?
        /// Nil for a null value.
        var value: Range<Int>?
    }

    let format: DelimitedFormat

    /// The parts of `record`.
    func parse(_ record: Range<Int>, in bytes: Span<UInt8>) throws(RecordFault) -> Parts {
        var parts = Parts()
        var rest = record
        if let layout = format.headers {
            if let split = KeySplitter(separator: layout.delimiter).split(rest, in: bytes) {
                parts.headers = split.before.isEmpty ? nil : nullable(split.before, in: bytes)
                rest = split.after
            } else if !format.acceptsMissingSeparators {
                throw .missingHeaders(layout.delimiter)
            }
        }
        if let separator = format.keySeparator {
            if let split = KeySplitter(separator: separator).split(rest, in: bytes) {
                parts.key = nullable(split.before, in: bytes)
                rest = split.after
            } else if !format.acceptsMissingSeparators {
                throw .missingKey(separator)
            }
        }
        parts.value = nullable(rest, in: bytes)
        return parts
    }

    /// Appends the headers in their text, in their order.
    func readHeaders(
        _ text: Range<Int>,
        in bytes: Span<UInt8>,
        to headers: inout [HeaderField]
    ) throws(RecordFault) {
        guard let layout = format.headers else { return }
        let (between, inside) = (KeySplitter(separator: layout.separator), KeySplitter(separator: layout.keySeparator))
        var rest: Range<Int>? = text
        while let pairs = rest {
            let split = between.split(pairs, in: bytes)
            let pair = split?.before ?? pairs
            rest = split?.after
            if let header = inside.split(pair, in: bytes) {
                let value = nullable(header.after, in: bytes).map { TextPlace.input($0) }
                headers.append(HeaderField(name: .input(header.before), value: value))
            } else if format.acceptsMissingSeparators {
                headers.append(HeaderField(name: .input(pair), value: nil))
            } else {
                throw .missingHeaderValue(layout.keySeparator)
            }
        }
    }

    /// Nil when the bytes are the null marker.
    func nullable(_ range: Range<Int>, in bytes: Span<UInt8>) -> Range<Int>? {
        bytes.isNull(range, marker: format.nullMarker) ? nil : range
    }
}
