// SPDX-License-Identifier: Apache-2.0
import Platform
import Synchronization

/// A file that says to a later run what this one has done. It is replaced as a whole, and put on the disk then: a reader
/// finds the old one or the new one. In between lines may be appended, which outlive the process, but not the machine.
///
/// It is locked as long as this lives, so that two runs do not do the same load twice. Each new file is locked before it
/// takes the name.
final class CheckpointFile: Sendable {
    let path: String
    /// What messages begin with.
    private let option: String
    /// The file that has the name now, -1 before it was locked.
    private let locked = Mutex<Int32>(-1)

    init(path: String, option: String = "--checkpoint") {
        self.path = path
        self.option = option
    }

    deinit {
        let descriptor = locked.withLock { $0 }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Locks the file, if there is one. Throws when another process has done so.
    func lock() throws(UsageError) {
        while true {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                guard errno == ENOENT else { throw failure("read", errno) }
                return
            }
            guard Self.lock(descriptor) else {
                close(descriptor)
                throw isAtWork
            }
            // The run that held the lock may have replaced the file before it let go.
            if Self.names(path, descriptor) { return hold(descriptor) }
            close(descriptor)
        }
    }

    /// Why nothing is done when another process is.
    var isAtWork: UsageError { UsageError("\(option): another kafka-producer is at work with \(path)") }

    private func hold(_ descriptor: Int32) {
        let previous = locked.withLock { locked in
            defer { locked = descriptor }
            return locked
        }
        if previous >= 0 { close(previous) }
    }

    private static func lock(_ descriptor: Int32) -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Whether `path` leads to the file that is open.
    private static func names(_ path: String, _ descriptor: Int32) -> Bool {
        var (own, present) = (stat(), stat())
        return unsafe fstat(descriptor, &own) == 0 && stat(path, &present) == 0 && own.st_dev == present.st_dev
            && own.st_ino == present.st_ino
    }

    /// What an earlier run has written, nil when there is no file.
    func read() throws(UsageError) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw failure("read", errno) }
            return nil
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Self.read(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", errno) }
            guard count > 0 else { break }
            bytes += chunk[..<count]
            // No file of ours is that large, and it may be anything.
            guard bytes.count < 64 << 20 else { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces the file, and has the system put it on the disk.
    ///
    /// - Parameters:
    ///   - text: What it holds.
    ///   - progress: Asked, while nothing is appended, for what has happened since `text` was made.
    /// - Returns: The `errno` of what failed.
    func write(_ text: String, progress: () -> String = { "" }) -> Int32? {
        let temporary = path + ".new"
        let descriptor = Self.create(temporary)
        guard descriptor >= 0 else { return errno }
        guard Self.lock(descriptor), ftruncate(descriptor, 0) == 0 else {
            let code = errno
            close(descriptor)
            return code
        }
        if let code = DescriptorWriter.write(Array(text.utf8), to: descriptor) {
            return ended(descriptor, temporary, code)
        }
        guard fsync(descriptor) == 0 else { return ended(descriptor, temporary, errno) }
        var previous: Int32 = -1
        let failure = locked.withLock { locked -> Int32? in
            if let code = DescriptorWriter.write(Array(progress().utf8), to: descriptor) { return code }
            guard unsafe rename(temporary, path) == 0 else { return errno }
            (previous, locked) = (locked, descriptor)
            return nil
        }
        if let failure { return ended(descriptor, temporary, failure) }
        if previous >= 0 { close(previous) }
        syncDirectory()
        return nil
    }

    /// Appends what `progress` gives to the file that was written last; the `errno` when that fails.
    func append(_ progress: () -> String?) -> Int32? {
        locked.withLock { descriptor in
            guard descriptor >= 0, let text = progress(), !text.isEmpty else { return nil }
            return DescriptorWriter.write(Array(text.utf8), to: descriptor)
        }
    }

    /// Removes the file.
    func remove() { _ = unsafe unlink(path) }

    private func ended(_ descriptor: Int32, _ temporary: String, _ code: Int32) -> Int32 {
        close(descriptor)
        _ = unsafe unlink(temporary)
        return code
    }

    /// Makes the new name last. Some file systems refuse, and then there is no more to be done.
    private func syncDirectory() {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Locks the file and writes it, before anything is sent: that it cannot be written is better reported now.
    func begin(with text: String) throws(UsageError) {
        guard let code = write(text) else { return }
        throw code == EWOULDBLOCK ? isAtWork : failure("write", code)
    }

    private func failure(_ verb: String, _ code: Int32) -> UsageError {
        UsageError("\(option): cannot \(verb) \(path): \(SystemError.text(code))")
    }

    private static func create(_ path: String) -> Int32 {
        unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    }

    private static func read(_ descriptor: Int32, _ memory: UnsafeMutableRawBufferPointer) -> Int {
        unsafe Platform.read(descriptor, memory.baseAddress, memory.count)
    }
}
