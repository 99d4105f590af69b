// SPDX-License-Identifier: Apache-2.0

/// Where a record lies in the input, as a person would look for it.
struct InputPlace: Equatable, Sendable, CustomStringConvertible {
    /// The file's path as it was given, or `stdin`.
    var input: String
    /// The record's number in that input, from 1: its line, when records are lines.
    var line: UInt64
    /// Where the record begins, in bytes from the start of that input.
    var offset: UInt64

    var description: String { "\(input):\(line)" }
}

/// Turns positions over all inputs, which is what travels with each record, into a file and a line in it.
struct InputPositions: Sendable {
    private struct Input: Sendable {
        var name: String
        var firstRecord: UInt64
        /// Where the input's own first record and byte would be, over all inputs.
        var origin: CheckpointTracker.Mark
    }

    private var inputs: [Input] = []

    /// The next input begins with the record number `firstRecord` (from 0) and the byte `firstOffset` of all inputs.
    mutating func began(_ name: String, firstRecord: UInt64, firstOffset: UInt64) {
        resumed(
            name,
            firstRecord: firstRecord,
            origin: CheckpointTracker.Mark(record: firstRecord, offset: firstOffset)
        )
    }

    /// An input that was left goes on with the record number `firstRecord` of all inputs. Without the pause, and if it had
    /// been read in one go up to here, it would have begun at `origin`.
    mutating func resumed(_ name: String, firstRecord: UInt64, origin: CheckpointTracker.Mark) {
        inputs.append(Input(name: name, firstRecord: firstRecord, origin: origin))
    }

    /// One input, by the positions over all inputs at which it begins.
    struct Extent: Equatable, Sendable {
        var name: String
        /// Its records that are known to be its own: up to the next input's first, or without an end for the last input.
        var records: Range<UInt64>
        /// Where the input's own first record and byte would be, over all inputs.
        var origin: CheckpointTracker.Mark

        /// The place of a record of this input.
        func place(ofRecord record: UInt64, offset: UInt64) -> InputPlace {
            InputPlace(input: name, line: line(ofRecord: record), offset: self.offset(of: offset))
        }

        /// The number of a record in this input, from 1.
        func line(ofRecord record: UInt64) -> UInt64 { record - min(record, origin.record) + 1 }

        /// Where a byte of all inputs lies in this one.
        func offset(of byte: UInt64) -> UInt64 { byte - min(byte, origin.offset) }
    }

    /// The place of the record `record` (from 0 over all inputs) that begins at byte `offset` of all inputs.
    func place(ofRecord record: UInt64, offset: UInt64) -> InputPlace? {
        extent(ofRecord: record)?.place(ofRecord: record, offset: offset)
    }

    /// The input that holds the record `record` (from 0 over all inputs).
    func extent(ofRecord record: UInt64) -> Extent? {
        // The first input that begins after the record; an input without records begins where the next one does.
        var low = 0
        var high = inputs.count
        while low < high {
            let middle = (low + high) / 2
            if inputs[middle].firstRecord <= record { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let input = inputs[low - 1]
        return Extent(
            name: input.name,
            records: input.firstRecord..<(low < inputs.count ? inputs[low].firstRecord : .max),
            origin: input.origin
        )
    }
}
