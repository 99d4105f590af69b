// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Platform

/// The few things that the broker does with folders and with small files as a whole.
enum Directory {
    /// Makes the folder and those above it, where they are not there yet.
    static func make(_ path: String) throws(StorageError) {
        guard unsafe mkdir(path, 0o755) != 0 else { return }
        switch errno {
        case EEXIST:
            guard isDirectory(path) else { throw StorageError(operation: "make folder", path: path, code: ENOTDIR) }
        case ENOENT:
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { fallthrough }
            try make(String(path[..<slash]))
            guard unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
            fallthrough
        default:
            throw StorageError(operation: "make folder", path: path, code: errno)
        }
    }

    /// Removes the folder if it is there and empty.
    static func removeEmpty(_ path: String) {
        _ = unsafe rmdir(path)
    }

    /// Removes the file if it is there.
    static func removeFile(_ path: String) {
        _ = unsafe unlink(path)
    }

    /// Whether there is a folder at `path`.
    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// Bytes of a file; nil when it is not there.
    static func size(of path: String) -> Int? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Int(status.st_size)
    }

    /// The names of what is in the folder, sorted.
    static func names(in path: String) throws(StorageError) -> [String] {
        guard let directory = unsafe opendir(path) else {
            throw StorageError(operation: "list", path: path, code: errno)
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The text of a small file, or nil when it is not there.
    static func text(of path: String) throws(StorageError) -> String? {
        try bytes(of: path).map { String(buffer: $0) }
    }

    /// All bytes of a file, or nil when it is not there.
    static func bytes(of path: String) throws(StorageError) -> ByteBuffer? {
        guard unsafe access(path, F_OK) == 0 else { return nil }
        let file = try File.open(path)
        var buffer = ByteBuffer()
        try file.read(try file.size(), at: 0, into: &buffer)
        return buffer
    }

    /// Puts a small file in place with this text: after a crash it has either the old text or the new one.
    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(StorageError) {
        try write(ByteBuffer(string: text), to: path, mode: mode)
    }

    /// Puts a small file in place with these bytes: after a crash it has either the old ones or the new ones.
    static func write(_ bytes: ByteBuffer, to path: String, mode: mode_t = 0o644) throws(StorageError) {
        let temporary = path + ".tmp"
        removeFile(temporary)
        do throws(StorageError) {
            let file = try File.open(temporary, mode: mode)
            try file.truncate(to: 0)
            try file.write(ByteBuffer().readableBytesSpan, bytes.readableBytesSpan, at: 0)
            try move(temporary, to: path)
        } catch {
            // On a full disk what is half written takes room that others need.
            removeFile(temporary)
            throw error
        }
    }

    /// Writes a file that can be done without over what it held: after a crash it may have some of both, and when that fails there is
    /// none. A file that takes another one's place has the system wait until it is on the disk (ext4's `auto_da_alloc`), which took
    /// a minute for those of 10,000 partitions.
    static func overwrite(_ path: String, with bytes: ByteBuffer) throws(StorageError) {
        do throws(StorageError) {
            let file = try File.open(path)
            try file.write(ByteBuffer().readableBytesSpan, bytes.readableBytesSpan, at: 0)
            try file.truncate(to: bytes.readableBytes)
        } catch {
            removeFile(path)
            throw error
        }
    }

    /// Has the system put on the disk which files are in a folder.
    static func flush(_ path: String, _ disk: Disk) throws(StorageError) {
        if let code = disk.willFlush?(path) { throw StorageError(operation: "flush", path: path, code: code) }
        let descriptor = openFolder(path)
        guard descriptor >= 0 else { throw StorageError(operation: "open", path: path, code: errno) }
        defer { close(descriptor) }
        // Some file systems have nothing to flush of a folder, and say so by an error.
        guard fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP else { return }
        throw StorageError(operation: "flush", path: path, code: errno)
    }

    /// Gives a file another name, in place of the file that has it.
    static func move(_ path: String, to target: String) throws(StorageError) {
        guard unsafe rename(path, target) == 0 else {
            throw StorageError(operation: "rename", path: path, code: errno)
        }
    }
}

/// `open` of a folder.
private func openFolder(_ path: String) -> Int32 {
    unsafe open(path, O_RDONLY | O_CLOEXEC)
}
