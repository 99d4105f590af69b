// SPDX-License-Identifier: Apache-2.0

/// The files of segments that take the place of others, such that a broker that dies meanwhile has either the former ones or
/// the new ones when it starts again.
///
/// New segments are written as `BASE.log.swap`. A file `swap` then says which segments they replace, and in which of two steps
/// that is: `remove FIRST END` (the former ones go), `rename` (the new ones get their names). Without it they are not whole.
struct CompactedFiles {
    private static let suffix = ".swap"
    private let directory: String

    init(_ directory: String) {
        self.directory = directory
    }

    private var manifest: String { directory + "/swap" }

    private func path(_ baseOffset: Int64) -> String {
        directory + "/" + SegmentName.name(ofBaseOffset: baseOffset) + Self.suffix
    }

    /// Begins the file of a new segment.
    func open(baseOffset: Int64, _ disk: Disk) throws(StorageError) -> File {
        let file = try File.open(path(baseOffset), disk: disk)
        try file.truncate(to: 0)
        return file
    }

    /// Forgets new segments that will not be used.
    func discard() {
        for name in (try? Directory.names(in: directory)) ?? [] where name.hasSuffix(Self.suffix) {
            Directory.removeFile(directory + "/" + name)
        }
    }

    /// Forgets one of them.
    func discard(_ baseOffset: Int64) {
        Directory.removeFile(path(baseOffset))
    }

    /// Puts the new segments in the place of those from the offset `first` on, and before `end`.
    func swap(from first: Int64, to end: Int64) throws(StorageError) {
        try Directory.write("remove \(first) \(end)\n", to: manifest)
        try finish()
    }

    /// Does what a broker that died has left to do.
    func finish() throws(StorageError) {
        let words = (try Directory.text(of: manifest) ?? "").split(whereSeparator: \.isWhitespace)
        switch (words.first, words.count) {
        case ("remove", 3):
            guard let first = Int64(words[1]), let end = Int64(words[2]) else { return discard() }
            for name in try Directory.names(in: directory) {
                guard let base = SegmentName.baseOffset(ofFile: name), base >= first, base < end else { continue }
                SegmentName.remove(in: directory, baseOffset: base)
            }
            try Directory.write("rename\n", to: manifest)
            try rename()
        case ("rename", 1): try rename()
        default: discard()
        }
    }

    private func rename() throws(StorageError) {
        for name in try Directory.names(in: directory) where name.hasSuffix(Self.suffix) {
            let path = directory + "/" + name
            try Directory.move(path, to: String(path.dropLast(Self.suffix.count)))
        }
        Directory.removeFile(manifest)
    }
}
