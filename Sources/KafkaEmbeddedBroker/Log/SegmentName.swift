// SPDX-License-Identifier: Apache-2.0

/// The names of segment files: the base offset with 20 digits and a suffix, as Kafka names them.
enum SegmentName {
    /// The files that there are of a segment.
    enum Kind: String, CaseIterable {
        /// The batches.
        case log = ".log"
        /// Where offsets are.
        case index = ".index"
        /// Where timestamps are.
        case timeIndex = ".timeindex"
        /// The transactions that were aborted.
        case transactionIndex = ".txnindex"
    }

    private static let digits = 20

    /// `00000000000000000000.log` and so on.
    static func name(ofBaseOffset offset: Int64, _ kind: Kind = .log) -> String {
        let text = String(offset)
        return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text + kind.rawValue
    }

    /// The base offset that a file's name says, or nil when it is not the name of a segment.
    static func baseOffset(ofFile name: String) -> Int64? {
        let suffix = Kind.log.rawValue
        guard name.hasSuffix(suffix), name.utf8.count == digits + suffix.utf8.count else { return nil }
        let number = name.dropLast(suffix.count)
        guard number.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int64(number).flatMap { $0 <= PartitionLog.largestBaseOffset ? $0 : nil }
    }

    /// Opens a segment's file, and makes it if it is not there.
    static func open(
        in directory: String,
        baseOffset: Int64,
        disk: Disk = Disk()
    ) throws(StorageError) -> File {
        try File.open(directory + "/" + name(ofBaseOffset: baseOffset), disk: disk)
    }

    /// Removes what is kept beside the batches of a segment.
    static func removeIndexes(in directory: String, baseOffset: Int64) {
        for kind in Kind.allCases where kind != .log {
            Directory.removeFile(directory + "/" + name(ofBaseOffset: baseOffset, kind))
        }
    }

    /// Removes all files of a segment. Who has one of them open can read on.
    static func remove(in directory: String, baseOffset: Int64) {
        for kind in Kind.allCases {
            Directory.removeFile(directory + "/" + name(ofBaseOffset: baseOffset, kind))
        }
    }
}
