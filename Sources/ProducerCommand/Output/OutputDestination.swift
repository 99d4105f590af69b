// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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
    /// Nil for what is no regular file.
    let identity: Identity?
    /// Whether the file was not there before.
    let isNew: Bool

    /// Opens the destination. A file of lines whose last one was torn by a crash gets a newline first.
    init(opening destination: OutputDestination, isLines: Bool, of option: String) throws(UsageError) {
        self.destination = destination
        switch destination {
        case .descriptor(let number):
            descriptor = number
            isNew = false
            try Self.checkInherited(destination, of: option)
        case .file(let path):
            (descriptor, isNew) = try Self.open(path, of: option)
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            identity = nil
            return
        }
        identity = Identity(status)
        if isLines, case .file(let path) = destination, status.st_size > 0 {
            Self.endLastLine(of: path, size: status.st_size, descriptor)
        }
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

    private static func open(_ path: String, of option: String) throws(UsageError) -> (Int32, isNew: Bool) {
        let flags = O_WRONLY | O_APPEND | O_CLOEXEC
        // Between the two attempts another process may have made the file.
        for flags in [flags, flags | O_CREAT | O_EXCL, flags] {
            let descriptor = Self.call(path, flags)
            if descriptor >= 0 { return (descriptor, flags & O_CREAT != 0) }
            guard errno == ENOENT || errno == EEXIST else { break }
        }
        throw UsageError("\(option): cannot write \(path): \(SystemError.text(errno))")
    }

    private static func call(_ path: String, _ flags: Int32) -> Int32 {
        #if canImport(Glibc)
            unsafe Glibc.open(path, flags, 0o666)
        #elseif canImport(Musl)
            unsafe Musl.open(path, flags, 0o666)
        #else
            unsafe Darwin.open(path, flags, 0o666)
        #endif
    }

    private static func endLastLine(of path: String, size: off_t, _ descriptor: Int32) {
        let reading = call(path, O_RDONLY | O_CLOEXEC)
        guard reading >= 0 else { return }
        defer { close(reading) }
        var last: UInt8 = 0x0A
        guard unsafe pread(reading, &last, 1, size - 1) == 1, last != 0x0A else { return }
        DescriptorWriter.write("\n", to: descriptor)
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

    /// Makes what was written survive a crash of the machine; nil, or the `errno` of the failure.
    func sync() -> Int32? {
        guard identity != nil, fsync(descriptor) != 0 else { return nil }
        return errno
    }

    /// Closes a file; one that this run has made and that stayed empty is removed again.
    func close() {
        guard case .file(let path) = destination else { return }
        var status = stat()
        if isNew, unsafe fstat(descriptor, &status) == 0, status.st_size == 0, identity == Identity(status) {
            _ = unsafe unlink(path)
        }
        Self.close(descriptor)
    }

    private static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
            _ = Musl.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
    }
}

extension OpenOutput.Identity {
    fileprivate init(_ status: stat) {
        self.init(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    }
}
