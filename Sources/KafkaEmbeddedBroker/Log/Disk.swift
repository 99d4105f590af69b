// SPDX-License-Identifier: Apache-2.0

/// What comes before the system's calls that read and write files: nothing, unless a test counts them, or has them fail as on a disk
/// that is full.
struct Disk: Sendable {
    /// How a write ends: so many of its bytes are written, and then the system says this error number (`errno`).
    struct Fault {
        var code: Int32
        var written = 0
    }

    /// Called with a file's path and how many bytes are to be written; nil lets them be written.
    var willWrite: (@Sendable (String, Int) -> Fault?)?
    /// Called with a file's path and how many bytes are to be read.
    var willRead: (@Sendable (String, Int) -> Void)?
    /// Called with the path of a file or folder that is to be flushed; an error number instead of nil has that fail.
    var willFlush: (@Sendable (String) -> Int32?)?
}
