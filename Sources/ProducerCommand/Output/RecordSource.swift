// SPDX-License-Identifier: Apache-2.0
import Platform

/// Where a record that is too long to be kept can be read again: a part of a regular file, and what shows whether the file is
/// still that one.
struct RecordSource: Equatable, Sendable {
    /// The file's absolute path.
    var path: String
    /// Where the record begins in the file, in bytes.
    var offset: UInt64
    /// Its bytes, without what ends it.
    var size: Int
    /// What the file was when the record was read.
    var file: FileFingerprint
    /// What parts the key from the value, or nil when all of it is value.
    var keySeparator: [UInt8]?

    /// Why a record cannot be read from its source any more, in words.
    struct Absence: Error, Equatable {
        let reason: String
    }

    init(path: String, offset: UInt64, size: Int, file: FileFingerprint, keySeparator: [UInt8]?) {
        self.path = path
        self.offset = offset
        self.size = size
        self.file = file
        self.keySeparator = keySeparator
    }

    /// A record of a file that was named on the command line; nil when the file cannot be known again.
    init?(of path: String, offset: UInt64, size: Int, keySeparator: [UInt8]?) {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        guard let file = try? FileFingerprint(of: path) else { return nil }
        self.init(
            path: unsafe String(cString: resolved),
            offset: offset,
            size: size,
            file: file,
            keySeparator: keySeparator
        )
    }

    /// The bytes of the record.
    func read() throws(Absence) -> [UInt8] {
        let descriptor = try open()
        let present: FileFingerprint
        do throws(InputError) {
            present = try FileFingerprint(of: descriptor, named: path, hashing: file.hashedBytes)
        } catch {
            throw Absence(reason: "\(error)")
        }
        if let difference = file.difference(from: present, delivered: offset + UInt64(size)) {
            throw Absence(reason: "\(path) is not the file that it was: \(difference)")
        }
        return try bytes(of: descriptor)
    }

    private func open() throws(Absence) -> InputDescriptor {
        do throws(InputError) {
            return try InputDescriptor(opening: .file(path))
        } catch {
            throw Absence(reason: "\(error)")
        }
    }

    private func bytes(of descriptor: borrowing InputDescriptor) throws(Absence) -> [UInt8] {
        let bytes = FilePart(of: descriptor.number, at: offset, count: size).bytes
        guard bytes.count == size else {
            throw Absence(reason: "reading \(path) at byte \(offset + UInt64(bytes.count)) failed")
        }
        return bytes
    }
}
