// SPDX-License-Identifier: Apache-2.0
import Platform

/// A file that is replaced as a whole, so that who reads it finds the text before or the new one, never a part.
///
/// Its name stays a symbolic link if it is one, and its mode what it was.
struct ReplacedFile: Sendable {
    /// Where the text goes, past symbolic links.
    private let path: String
    /// Beside it, with an ending that no collector takes for its own.
    private let temporary: String
    private let mode: mode_t?

    /// - Parameter path: A regular file that is there.
    init(_ path: String) {
        let resolved = unsafe realpath(path, nil)
        defer { unsafe free(resolved) }
        self.path = if let resolved = unsafe resolved { unsafe String(cString: resolved) } else { path }
        temporary = self.path + ".new"
        var status = stat()
        mode = unsafe stat(self.path, &status) == 0 && status.st_size > 0 ? status.st_mode & 0o7777 : nil
    }

    /// Replaces the text; the `errno` of what failed.
    func write(_ text: String) -> Int32? {
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return errno }
        if let mode { _ = fchmod(descriptor, mode) }
        var code = DescriptorWriter.write(Array(text.utf8), to: descriptor)
        if Platform.close(descriptor) != 0, errno != EINTR { code = code ?? errno }
        if code == nil, unsafe rename(temporary, path) != 0 { code = errno }
        if code != nil { _ = unsafe unlink(temporary) }
        return code
    }

    /// What the file begins with, at most this many bytes; empty if it cannot be read.
    static func beginning(of path: String, count: Int) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { _ = Platform.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let length = unsafe bytes.withUnsafeMutableBytes { memory in
            unsafe read(descriptor, memory.baseAddress, memory.count)
        }
        return Array(bytes.prefix(max(0, length)))
    }
}
