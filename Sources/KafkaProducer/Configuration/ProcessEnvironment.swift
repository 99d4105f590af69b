// SPDX-License-Identifier: Apache-2.0
import Platform

/// The environment variables of this process and the files of this machine.
public struct ProcessEnvironment: ConfigurationEnvironment {
    /// Creates the environment; it holds no state.
    public init() {}

    /// The value of an environment variable of this process.
    ///
    /// - Parameter name: the variable's name.
    /// - Returns: its value, or `nil` when it is not set.
    public func variable(named name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// The bytes of a file.
    ///
    /// - Parameter path: the file.
    /// - Returns: all of its bytes.
    /// - Throws: `FileAccessError` with the system's reason.
    public func contents(ofFile path: String) throws(FileAccessError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.lastError() }
        defer { _ = close(descriptor) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                contents += chunk[..<count]
            } else if count == 0 {
                return contents
            } else if errno != EINTR {
                throw Self.lastError()
            }
        }
    }

    /// What is found at a path, links followed.
    ///
    /// - Parameter path: the path.
    /// - Returns: its kind, or `nil` when nothing is there.
    public func kind(ofPath path: String) -> PathKind? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    /// Whether the group of a regular file, or everybody, may read it.
    ///
    /// - Parameter path: the file.
    /// - Returns: false also when nothing is there, and for what is no file.
    public func isReadableByOthers(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return status.st_mode & (S_IRGRP | S_IROTH) != 0
    }

    private static func lastError() -> FileAccessError { FileAccessError(reason: errorText(errno)) }
}
