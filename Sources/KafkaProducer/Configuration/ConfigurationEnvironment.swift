// SPDX-License-Identifier: Apache-2.0

/// What reading settings needs of the outside: environment variables and files.
public protocol ConfigurationEnvironment: Sendable {
    /// The value of an environment variable, or `nil` when it is not set.
    ///
    /// - Parameter name: the variable's name.
    /// - Returns: its value.
    func variable(named name: String) -> String?

    /// The bytes of a file.
    ///
    /// - Parameter path: the file.
    /// - Returns: all of its bytes.
    /// - Throws: `FileAccessError` when it cannot be read.
    func contents(ofFile path: String) throws(FileAccessError) -> [UInt8]

    /// What is found at a path, links followed.
    ///
    /// - Parameter path: the path.
    /// - Returns: its kind, or `nil` when nothing is there.
    func kind(ofPath path: String) -> PathKind?

    /// Whether users other than the file's owner can read it.
    ///
    /// - Parameter path: the file.
    /// - Returns: false also when nothing is there.
    func isReadableByOthers(_ path: String) -> Bool
}

extension ConfigurationEnvironment {
    /// No: an environment that is made up has no other users.
    ///
    /// - Parameter path: the file.
    /// - Returns: false.
    public func isReadableByOthers(_ path: String) -> Bool { false }
}

/// What a path leads to.
public enum PathKind: Sendable, Hashable {
    /// A regular file.
    case file
    /// A directory.
    case directory
    /// Something else, such as a pipe.
    case other
}

/// Why a file cannot be read.
public struct FileAccessError: Error, Sendable, Hashable {
    /// The system's words, such as `No such file or directory`.
    public var reason: String

    /// Creates an error.
    ///
    /// - Parameter reason: the system's words.
    public init(reason: String) {
        self.reason = reason
    }
}
