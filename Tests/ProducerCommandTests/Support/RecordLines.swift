// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation

/// Records to send as lines, and the same records as a reader should find them.
struct RecordLines: Sendable {
    /// What goes into stdin.
    var input: [UInt8] = []
    /// What should be stored, in order, without partition and offset.
    var records: [StoredRecord] = []

    /// Random binary records, each with its number in front so that order can be checked.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - isKeyed: Whether each has one of 40 keys before a tab.
    ///   - seed: The same seed gives the same records.
    /// - Returns: Lines with a newline each.
    static func random(_ count: Int, isKeyed: Bool, seed: UInt64) -> Self {
        var random = SplitMix64(seed: seed)
        var lines = Self()
        for number in 0..<count {
            var record = StoredRecord()
            if isKeyed {
                let key = Array("key \(Int.random(in: 0..<40, using: &random))".utf8)
                record.key = Data(key)
                lines.input += key + [UInt8(ascii: "\t")]
            }
            let length = Int.random(in: 0...600, using: &random)
            let value = Array("\(number) ".utf8) + random.bytes(length, without: UInt8(ascii: "\n"))
            record.value = Data(value)
            lines.input += value + [UInt8(ascii: "\n")]
            lines.records.append(record)
        }
        return lines
    }
}

/// How what was read differs from what was sent: nil when every record is there once, and each partition has its records in
/// the order in which they were sent, at offsets without gaps.
func difference(sent: [StoredRecord], read: [StoredRecord]) -> String? {
    guard sent.count == read.count else { return "\(sent.count) records were sent, \(read.count) are there" }
    var positions: [StoredRecord: [Int]] = [:]
    for (position, record) in sent.enumerated().reversed() { positions[record.content, default: []].append(position) }
    var ends: [Int32: (offset: Int64, position: Int)] = [:]
    for record in read {
        guard let position = positions[record.content]?.popLast() else {
            return "a record of \(record.value?.count ?? -1) bytes was never sent, or is there twice"
        }
        let partition = record.partition ?? -1
        let end = ends[partition] ?? (-1, -1)
        guard record.offset == end.offset + 1 else {
            return "partition \(partition): offset \(record.offset ?? -1) follows \(end.offset)"
        }
        guard position > end.position else {
            return "partition \(partition): record \(position) follows \(end.position)"
        }
        ends[partition] = (end.offset + 1, position)
    }
    return nil
}
