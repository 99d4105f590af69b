// SPDX-License-Identifier: Apache-2.0
import Platform

/// Where receipts or dead letters go, as an argument names it: a file, `-` for stdout, `&FD` for an inherited descriptor.
enum OutputDestination: Equatable, Sendable {
    case file(String)
    case descriptor(Int32)

    /// Reads an argument of `option`.
    init(_ argument: String, of option: String) throws(UsageError) {
        if argument == "-" {
            self = .descriptor(1)
        } else if argument.hasPrefix("&") {
            guard let number = Int32(argument.dropFirst()), number >= 0 else {
                throw UsageError(
                    "\(option) \(argument): & and the number of an open descriptor, such as &3, or ./\(argument) for a file"
                )
            }
            self = .descriptor(number)
        } else {
            guard !argument.isEmpty else { throw UsageError("\(option) takes the name of a file, - or &FD") }
            self = .file(argument)
        }
    }

    /// How messages name it.
    var name: String {
        switch self {
        case .file(let path): path
        case .descriptor(1): "stdout"
        case .descriptor(2): "stderr"
        case .descriptor(let number): "descriptor \(number)"
        }
    }
}

/// An output that is open for writing. Files are appended to, never truncated.
struct OpenOutput: Sendable {
    /// What is behind a descriptor: two with the same identity are one file.
    struct Identity: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
    }

    let destination: OutputDestination
    let descriptor: Int32
    /// Nil for what two outputs may share: a terminal or another device.
    let identity: Identity?
    /// Whether it is a regular file, which has an end and can be put on the disk.
    private let isRegular: Bool
    /// Whether the file was not there before.
    let isNew: Bool

    /// Opens the destination. A FIFO that nobody reads is waited for, which `notice` says.
    init(
        opening destination: OutputDestination,
        of option: String,
        notice: (String) -> Void = { _ in }
    ) throws(UsageError) {
        self.destination = destination
        switch destination {
        case .descriptor(let number):
            descriptor = number
            isNew = false
            try Self.checkInherited(destination, of: option)
        case .file(let path):
            (descriptor, isNew) = try Self.open(path, of: option, notice)
        }
        isRegular = Self.status(of: descriptor).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
        identity = Self.identity(ofDescriptor: descriptor)
    }

    /// What is behind an open output, nil for what two outputs may share.
    static func identity(ofDescriptor descriptor: Int32) -> Identity? {
        status(of: descriptor).flatMap { isUnshared($0) ? Identity($0) : nil }
    }

    /// Throws when the destination is a descriptor that cannot be written.
    static func checkInherited(_ destination: OutputDestination, of option: String) throws(UsageError) {
        guard case .descriptor(let number) = destination else { return }
        let mode = fcntl(number, F_GETFL)
        // `StandardStreams` puts a descriptor that cannot be written where stdout was closed. What the libraries of this
        // process have opened before is closed on exec, what was inherited is not.
        guard mode >= 0, mode & O_ACCMODE != O_RDONLY, fcntl(number, F_GETFD) & FD_CLOEXEC == 0 else {
            throw UsageError("\(option): \(destination.name) is not open for writing")
        }
    }

    private static func open(
        _ path: String,
        of option: String,
        _ notice: (String) -> Void
    ) throws(UsageError) -> (Int32, isNew: Bool) {
        let flags = O_WRONLY | O_APPEND | O_CLOEXEC
        // Between the two attempts another process may have made the file.
        for flags in [flags, flags | O_CREAT | O_EXCL, flags] {
            let descriptor = openForWriting(path, flags, notice)
            if descriptor >= 0 { return (descriptor, flags & O_CREAT != 0) }
            guard errno == ENOENT || errno == EEXIST else { break }
        }
        throw UsageError("\(option): cannot write \(path): \(SystemError.text(errno))")
    }

    /// Opens what is there, or can be made with these flags. `notice` says that a FIFO has no reader yet, which is waited for.
    static func openForWriting(_ path: String, _ flags: Int32, _ notice: (String) -> Void) -> Int32 {
        let descriptor = call(path, flags | O_NONBLOCK)
        if descriptor >= 0 {
            _ = fcntl(descriptor, F_SETFL, flags & O_APPEND)
            return descriptor
        }
        var status = stat()
        guard errno == ENXIO, unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return -1 }
        notice("waiting until somebody reads \(path)")
        return call(path, flags)
    }

    private static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status : nil
    }

    /// Whether what two outputs write there would run into each other.
    private static func isUnshared(_ status: stat) -> Bool {
        [S_IFREG, S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }

    private static func call(_ path: String, _ flags: Int32) -> Int32 {
        unsafe Platform.open(path, flags, 0o666)
    }

    /// Ends the last line of a file that a crash has torn.
    func endTornLine() {
        guard isRegular, case .file(let path) = destination, let status = Self.status(of: descriptor),
            status.st_size > 0
        else { return }
        let reading = Self.call(path, O_RDONLY | O_CLOEXEC)
        guard reading >= 0 else { return }
        defer { _ = Self.close(reading) }
        var last: UInt8 = 0x0A
        guard unsafe pread(reading, &last, 1, status.st_size - 1) == 1, last != 0x0A else { return }
        // On a disk that is full, what follows cannot be written either, and that is reported.
        _ = DescriptorWriter.write([0x0A], to: descriptor)
    }

    /// The file that an input is, nil when it is no regular file or not there.
    static func identity(of source: InputSource) -> Identity? {
        var status = stat()
        let code =
            switch source {
            case .standardInput: unsafe fstat(0, &status)
            case .file(let path): unsafe stat(path, &status)
            }
        return code == 0 && status.st_mode & S_IFMT == S_IFREG ? Identity(status) : nil
    }

    /// How long the file is; nil for what is no regular file, or was opened by another process.
    var length: UInt64? {
        guard isRegular, case .file = destination else { return nil }
        return Self.status(of: descriptor).map { UInt64(max(0, $0.st_size)) }
    }

    /// Cuts a regular file back to this length, unless it is shorter; the `errno` when that fails.
    func cut(to length: UInt64) -> Int32? {
        guard let present = self.length, present > length else { return nil }
        return ftruncate(descriptor, off_t(length)) == 0 ? nil : errno
    }

    /// Makes what was written survive a crash of the machine; nil, or the `errno` of the failure.
    func sync() -> Int32? {
        guard isRegular, fsync(descriptor) != 0 else { return nil }
        return errno
    }

    /// Closes a file; one that this run has made and that stayed empty is removed again.
    ///
    /// - Returns: the `errno` of a write that the system had put off until now, nil when all is written.
    @discardableResult
    func close() -> Int32? {
        guard case .file(let path) = destination else { return nil }
        if isNew, isRegular, let status = Self.status(of: descriptor), status.st_size == 0 {
            // Another file may have taken the name.
            if Self.identity(of: .file(path)) == identity { _ = unsafe unlink(path) }
        }
        return Self.close(descriptor) == 0 || errno == EINTR ? nil : errno
    }

    private static func close(_ descriptor: Int32) -> Int32 {
        Platform.close(descriptor)
    }
}

extension OpenOutput.Identity {
    fileprivate init(_ status: stat) {
        self.init(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    }
}
