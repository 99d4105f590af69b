// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Platform

/// Shows whether a file is the one it was at an earlier run. It may have grown.
struct FileFingerprint: Equatable, Sendable {
    /// How much of a file's beginning is hashed, in bytes.
    static let hashLimit = 64 * 1024

    var inode: UInt64
    var size: UInt64
    /// How many bytes from the beginning gave `hash`.
    var hashedBytes: Int
    /// Their CRC-32C.
    var hash: UInt32

    /// Of a file that is not there yet.
    static let none = FileFingerprint(inode: 0, size: 0, hashedBytes: 0, hash: 0)

    init(inode: UInt64, size: UInt64, hashedBytes: Int, hash: UInt32) {
        self.inode = inode
        self.size = size
        self.hashedBytes = hashedBytes
        self.hash = hash
    }

    /// Reads a regular file; `hashing` at most so many bytes of its beginning.
    init(of path: String, hashing limit: Int = Self.hashLimit) throws(InputError) {
        try self.init(of: InputDescriptor(opening: .file(path)), named: path, hashing: limit)
    }

    /// Reads a regular file that is open, without moving the place where it is read.
    init(
        of descriptor: borrowing InputDescriptor,
        named path: String,
        hashing limit: Int = Self.hashLimit
    ) throws(InputError) {
        var status = stat()
        guard unsafe fstat(descriptor.number, &status) == 0 else {
            throw InputError(input: path, reason: .cannotOpen(errno))
        }
        let beginning = FilePart(of: descriptor.number, at: 0, count: limit)
        if let error = beginning.error {
            throw InputError(input: path, reason: .cannotRead(error, offset: UInt64(beginning.bytes.count)))
        }
        inode = UInt64(status.st_ino)
        size = UInt64(max(0, status.st_size))
        hashedBytes = beginning.bytes.count
        unsafe hash = CRC32C.checksum(of: beginning.bytes.span.bytes)
    }

    /// Whether the other one is of the same file, and hashed as much of it.
    func isSameBeginning(as other: FileFingerprint) -> Bool {
        inode == other.inode && hashedBytes == other.hashedBytes && hash == other.hash
    }

    /// Why `present`, made with this one's `hashedBytes` as its limit, is not the same file; nil when it is.
    func difference(from present: FileFingerprint, delivered: UInt64) -> String? {
        if present.size < max(size, delivered) {
            return "it had \(NumberText.grouped(max(size, delivered))) bytes and has shrunk to "
                + NumberText.grouped(present.size)
        }
        if present.hash != hash || present.hashedBytes != hashedBytes { return "its beginning has changed" }
        if present.inode != inode { return "another file has its name now" }
        return nil
    }
}
