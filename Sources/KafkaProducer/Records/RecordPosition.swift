// SPDX-License-Identifier: Apache-2.0

/// Where a record came from: its ordinal and byte offset over all inputs, both counted from 0.
public struct RecordPosition: Sendable, Equatable {
    /// How many records the inputs held before this one.
    public var line: UInt64
    /// How many bytes the inputs held before this one.
    public var offset: UInt64

    /// A position over all inputs.
    public init(line: UInt64, offset: UInt64) {
        self.line = line
        self.offset = offset
    }
}
