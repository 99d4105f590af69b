// SPDX-License-Identifier: Apache-2.0

/// Records that end with a delimiter, with headers, key and value parted by separators.
struct DelimitedFormat: Equatable, Sendable {
    /// What ends a record.
    var delimiter: BytePattern = .newline
    /// Whether a carriage return at the end of a record is dropped.
    var stripsCarriageReturn = false
    /// What stands between key and value, or nil when records have no key of their own.
    var keySeparator: BytePattern?
    /// How headers stand before the rest, or nil when records have none of their own.
    var headers: HeaderLayout?
    /// A key, a value or a header's value that consists of these bytes is null.
    var nullMarker: [UInt8]?
    /// Whether a record without a separator is all value, instead of a failure.
    var acceptsMissingSeparators = false
    /// Whether a carriage return ends a line too, alone or before a newline, as in Java.
    var endsAtCarriageReturn = false

    /// Whether a record is its value and nothing else.
    var isValueOnly: Bool { keySeparator == nil && headers == nil }

    /// The most bytes that separators add to a record.
    var overhead: Int {
        (keySeparator?.count ?? 0) + (headers.map { $0.delimiter.count } ?? 0) + (stripsCarriageReturn ? 1 : 0)
    }
}
