// SPDX-License-Identifier: Apache-2.0

/// Two numbers by which a caller knows a record again: reports repeat them.
///
/// For a record of a file they may be its number and its byte offset there. A batch keeps a tag in 8 bytes, as the distance from
/// its first record's, so both numbers should only grow from record to record. A batch ends early before a record with a number
/// that is smaller than its first record's, or larger by 2^32.
public struct RecordTag: Sendable, Equatable {
    /// Such as how many records come before this one.
    public var number: UInt64
    /// Such as how many bytes come before this one.
    public var offset: UInt64

    /// A tag of two numbers.
    public init(number: UInt64, offset: UInt64) {
        self.number = number
        self.offset = offset
    }
}
