// SPDX-License-Identifier: Apache-2.0

/// What a record of the input says. Its own headers, which come after those that all records get, are in the parser's memory.
struct ParsedRecord: Equatable, Sendable {
    var key = Field.null
    var value = Field.null
    /// The topic that it names, if it does.
    var topic: TextPlace?
    /// The partition that it names, if it does.
    var partition: Int32?
    /// Its timestamp in milliseconds since 1970, if it has one.
    var timestamp: Int64?
    /// Where it came from at first, if the input says.
    var origin: OriginPlace?
}
