// SPDX-License-Identifier: Apache-2.0

/// What tells one writing of a file from another: its time, its size, and which file it is.
public struct FileVersion: Equatable, Sendable {
    private let seconds: Int
    private let nanoseconds: Int
    private let size: Int64
    private let number: UInt64

    /// The file that a path names now; nil when there is none.
    public init?(ofFileAt path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        seconds = Int(time.tv_sec)
        nanoseconds = Int(time.tv_nsec)
        size = Int64(status.st_size)
        number = UInt64(status.st_ino)
    }
}
