// SPDX-License-Identifier: Apache-2.0
import Platform

/// A log that was renamed while no run followed it: the file that had its name then, and the files that have had it since.
///
/// A rotation renames `app.log` to `app.log.1`, or copies it there and cuts it off, and the next one moves that on to
/// `app.log.2`. The file that was read is known by what it holds, under any name; files that had the name since are those
/// named as rotations name them that were changed last after it.
struct RotatedLog: Equatable, Sendable {
    /// Where the file is now that was read.
    let path: String
    /// Its size in bytes.
    let size: UInt64
    /// The files that have had the name since, the earliest first; without the one that has it now.
    let successors: [String]
    /// Files that have had the name since and are compressed: they cannot be gone on with.
    let compressed: [String]

    /// A file of the folder.
    private struct Entry {
        var name: String
        var size: UInt64
        /// When it was changed last, in seconds and nanoseconds.
        var changed: (Int, Int)
    }

    /// Looks for it in the folder of the log; nil when nothing there is that file.
    ///
    /// - Parameters:
    ///   - log: The path of the log.
    ///   - isRead: Whether an open file of a size is the one that was read. Of several, such as a copy, the longest counts.
    init?(of log: String, where isRead: (borrowing InputDescriptor, UInt64) -> Bool) {
        let (folder, base) = FileFollower.place(of: log)
        let entries = Self.files(in: folder).filter { $0.name != base }
        let matches = entries.filter { entry in
            guard let descriptor = try? InputDescriptor(opening: .file(folder + entry.name)) else { return false }
            return isRead(descriptor, entry.size)
        }
        let longest = matches.max { ($0.size, $0.changed.0, $0.changed.1) < ($1.size, $1.changed.0, $1.changed.1) }
        guard let found = longest else { return nil }
        let later = entries.filter { entry in
            entry.changed >= found.changed && !matches.contains { $0.name == entry.name }
        }
        .sorted { $0.changed < $1.changed }
        path = folder + found.name
        size = found.size
        successors = later.filter { Self.isRotation($0.name, of: base) }.map { folder + $0.name }
        compressed = later.filter { entry in
            Self.endings.contains { ending in
                entry.name.hasSuffix(ending) && Self.isRotation(String(entry.name.dropLast(ending.count)), of: base)
            }
        }
        .map(\.name)
    }

    /// The files to go on in before the log itself, the earliest first.
    var paths: [String] { [path] + successors }

    /// Tells a person what is sent before the log itself, and what cannot be.
    func say(of log: String, _ console: Console) {
        let names = paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        console.notice("\(log) was renamed since the last run: going on in \(names.joined(separator: ", then "))")
        guard !compressed.isEmpty else { return }
        console.warning(
            "\(log): \(compressed.joined(separator: ", ")) had its name since the last run, and is compressed: lines may be "
                + "missing"
        )
    }

    /// The endings of compressed files.
    private static let endings = [".gz", ".bz2", ".xz", ".zst", ".lz4"]

    /// Whether a file is named as rotations name what had the name `log`: that name with a number or a time behind it, or
    /// before its ending.
    static func isRotation(_ name: String, of log: String) -> Bool {
        if name.hasPrefix(log), isCount(name.dropFirst(log.count)) { return true }
        guard let dot = log.lastIndex(of: "."), dot != log.startIndex else { return false }
        let (stem, ending) = (log[..<dot], log[dot...])
        guard name.hasPrefix(stem), name.hasSuffix(ending), name.count > stem.count + ending.count else { return false }
        return isCount(name.dropFirst(stem.count).dropLast(ending.count))
    }

    private static func isCount(_ text: Substring) -> Bool {
        guard let first = text.first, "-._".contains(first) else { return false }
        return text.contains(where: \.isNumber) && text.allSatisfy { "0123456789-._:TZ".contains($0) }
    }

    private static func files(in folder: String) -> [Entry] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var entries: [Entry] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard unsafe stat(folder + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            #if canImport(Darwin)
                let time = status.st_mtimespec
            #else
                let time = status.st_mtim
            #endif
            entries.append(
                Entry(name: name, size: UInt64(max(0, status.st_size)), changed: (Int(time.tv_sec), Int(time.tv_nsec)))
            )
        }
        return entries
    }
}
