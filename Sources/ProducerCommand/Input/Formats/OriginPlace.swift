// SPDX-License-Identifier: Apache-2.0

/// Where a record came from at first, as a dead letter says it: with the place of the input's name in the letter.
struct OriginPlace: Equatable, Sendable {
    var file: TextPlace
    /// The record's number in that input, from 1; 0 when the letter does not say.
    var line: UInt64
    /// Where the record began there, in bytes.
    var offset: UInt64
}
