// SPDX-License-Identifier: Apache-2.0

/// Where the bytes of a part of a record are, as they are sent.
enum Field: Equatable, Sendable {
    /// The part is null.
    case null
    /// In the input.
    case input(Range<Int>)
    /// In the parser's own memory.
    case scratch
}

/// A parser's memory for keys and values that are not in the input as they are sent. It is used again for each record.
struct RecordScratch: Sendable {
    var key: [UInt8] = []
    var value: [UInt8] = []
}
