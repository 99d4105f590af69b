// SPDX-License-Identifier: Apache-2.0

/// What a comparison of what was sent with what is stored has found.
struct VerifyResult: Equatable, Sendable {
    /// Records that are there as they were sent.
    var verified: UInt64 = 0
    /// Acknowledged records that are not there.
    var missing: UInt64 = 0
    /// Records of batches in which something is not as it was sent.
    var altered: UInt64 = 0
    /// Batches that are stored in front of batches that were read before them.
    var misplaced: UInt64 = 0
    /// Acknowledged records of which nobody knows where they are.
    var unplaced: UInt64 = 0
    /// Partitions that could not be read to the end.
    var unread: UInt64 = 0
    var partitions = 0
    /// One line for each of the first things that are wrong.
    var lines: [String] = []

    /// So many lines are kept.
    static let mostLines = 10

    /// Whether all that was acknowledged is there as it was sent.
    var isClean: Bool { missing == 0 && altered == 0 && misplaced == 0 && unread == 0 && unplaced == 0 }

    mutating func note(_ line: String) {
        if lines.count < Self.mostLines { lines.append(line) }
    }

    mutating func add(_ other: VerifyResult) {
        verified += other.verified
        missing += other.missing
        altered += other.altered
        misplaced += other.misplaced
        unplaced += other.unplaced
        unread += other.unread
        partitions += other.partitions
        for line in other.lines { note(line) }
    }

    /// The end of the account.
    var summary: String {
        let place = "\(partitions) \(partitions == 1 ? "partition" : "partitions")"
        var parts = [
            "\(NumberText.grouped(verified)) \(verified == 1 ? "record" : "records") of \(place) read back as sent"
        ]
        if missing > 0 { parts.append("\(NumberText.grouped(missing)) missing") }
        if altered > 0 { parts.append("\(NumberText.grouped(altered)) in batches that differ") }
        if misplaced > 0 { parts.append("\(NumberText.grouped(misplaced)) batches out of order") }
        if unplaced > 0 { parts.append("\(NumberText.grouped(unplaced)) whose offset is not known") }
        if unread > 0 { parts.append("\(unread) partitions not read to the end") }
        return "verified: " + parts.joined(separator: ", ")
    }
}
