// SPDX-License-Identifier: Apache-2.0
import Platform

/// A file that has, or has had, the followed name. It is read where its descriptor leads, whatever its name is now.
final class FollowedFile {
    /// What makes a file this one and no other, as long as it is open.
    struct Identity: Equatable {
        var device: UInt64
        var inode: UInt64
    }

    let descriptor: InputDescriptor
    let identity: Identity
    /// The watch for its growth, if there is one.
    var watch: Int32?
    /// Bytes that were read.
    private(set) var offset: UInt64
    /// Bytes and records that were handed over: not those of a last record without an end.
    var handedOver = CheckpointTracker.Mark.start

    init(_ descriptor: consuming InputDescriptor, identity: Identity, from offset: UInt64 = 0) {
        self.descriptor = descriptor
        self.identity = identity
        self.offset = offset
    }

    /// Opens a file for reading. Nil for what is no regular file, such as a folder.
    static func open(_ path: String) throws(InputError) -> FollowedFile? {
        try from(InputDescriptor(opening: .file(path)), named: path)
    }

    /// A file that is open already, by a descriptor of its own; it is read from its beginning, and by nobody else.
    static func open(_ descriptor: Int32, named path: String) throws(InputError) -> FollowedFile? {
        guard let own = InputDescriptor(duplicating: descriptor) else {
            throw InputError(input: path, reason: .cannotOpen(errno))
        }
        let file = try from(own, named: path)
        // The place is shared with who has read it before.
        try file?.seek(to: 0, of: path)
        return file
    }

    private static func from(
        _ descriptor: consuming InputDescriptor,
        named path: String
    ) throws(InputError) -> FollowedFile? {
        var status = stat()
        guard unsafe fstat(descriptor.number, &status) == 0 else {
            throw InputError(input: path, reason: .cannotOpen(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return FollowedFile(descriptor, identity: Identity(status))
    }

    /// Begins, or goes on, at this place.
    func seek(to offset: UInt64, of name: String) throws(InputError) {
        guard lseek(descriptor.number, off_t(offset), SEEK_SET) >= 0 else {
            throw InputError(input: name, reason: .cannotRead(errno, offset: offset))
        }
        self.offset = offset
    }

    /// The present size, 0 when the system does not say.
    var size: Int64 { Int64(descriptor.size ?? 0) }

    /// One read; 0 at the present end.
    func read(into memory: UnsafeMutableRawBufferPointer, of name: String) throws(InputError) -> Int {
        while true {
            let count = unsafe descriptor.read(into: memory)
            guard count < 0 else {
                offset += UInt64(count)
                return count
            }
            guard errno == EINTR else { throw InputError(input: name, reason: .cannotRead(errno, offset: offset)) }
        }
    }
}

extension FollowedFile.Identity {
    init(_ status: stat) {
        self.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// Of what a path leads to; nil when it leads nowhere.
    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}
