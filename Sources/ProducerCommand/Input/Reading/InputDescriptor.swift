// SPDX-License-Identifier: Apache-2.0
import Platform

/// An open file descriptor of an input, closed at the end of its life unless it is the process's standard input.
struct InputDescriptor: ~Copyable {
    /// What kind of thing is read, which decides how.
    enum Kind: Equatable, Sendable {
        /// Reads of a regular file do not block for long; so many bytes are left to read.
        case regular(size: UInt64)
        /// A pipe, socket, terminal or device: polled first, since a read may block for ever.
        case stream(isTerminal: Bool)

        /// The number of bytes to read, when that is known.
        var size: UInt64? {
            if case .regular(let size) = self { size } else { nil }
        }
    }

    let number: Int32

    /// Opens the source. A FIFO is opened without waiting for its writer; the wait is part of the first read.
    /// One that `outlivesWriters` is held open for writing too, so that it has no end when its last writer leaves.
    init(opening source: InputSource, outlivesWriters: Bool = false) throws(InputError) {
        switch source {
        case .standardInput:
            number = 0
        case .file(let path):
            var status = stat()
            let isFIFO = unsafe outlivesWriters && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
            number = unsafe open(path, (isFIFO ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK)
            guard number >= 0 else { throw InputError(input: path, reason: .cannotOpen(errno)) }
        }
    }

    /// Another descriptor of the same open file, which shares the place where it is read; nil when there can be none.
    init?(duplicating descriptor: Int32) {
        number = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        if number < 0 { return nil }
    }

    deinit {
        if number > 0 { close(number) }
    }

    /// What is behind the descriptor; throws for what has no bytes to read, such as a directory.
    func kind(of source: InputSource) throws(InputError) -> Kind {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else {
            throw InputError(input: source.name, reason: errno == EBADF ? .closed : .cannotOpen(errno))
        }
        // `StandardStreams` puts a write-only descriptor where standard input was closed.
        guard fcntl(number, F_GETFL) & O_ACCMODE != O_WRONLY else {
            throw InputError(input: source.name, reason: .closed)
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            throw InputError(input: source.name, reason: .directory)
        case S_IFREG:
            // Standard input may have been read by another process before.
            let begin = number == 0 ? max(0, lseek(number, 0, SEEK_CUR)) : 0
            return .regular(size: UInt64(max(0, status.st_size - begin)))
        default:
            return .stream(isTerminal: isatty(number) == 1)
        }
    }

    /// Whether the source can be read at all, found out before anything is sent.
    static func check(_ source: InputSource) throws(InputError) -> Kind {
        if case .file(let path) = source {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { throw InputError(input: path, reason: .cannotOpen(errno)) }
            // Opening and closing a FIFO would end the load of the process that writes into it.
            guard status.st_mode & S_IFMT != S_IFIFO else {
                guard unsafe access(path, R_OK) == 0 else { throw InputError(input: path, reason: .cannotOpen(errno)) }
                return .stream(isTerminal: false)
            }
        }
        let descriptor = try InputDescriptor(opening: source)
        return try descriptor.kind(of: source)
    }

    /// Whether nothing has the name of the source.
    static func isMissing(_ source: InputSource) -> Bool {
        guard case .file(let path) = source else { return false }
        return unsafe access(path, F_OK) != 0 && errno == ENOENT
    }

    /// Whether the path leads to a regular file, or to nothing that could not become one.
    static func canBeFollowed(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return errno == ENOENT }
        return status.st_mode & S_IFMT == S_IFREG
    }

    /// Asks the system for what makes large reads cheap; it may refuse.
    func prepare(for kind: Kind) {
        #if os(Linux)
            switch kind {
            case .regular: posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL)
            case .stream: _ = fcntl(number, Self.setPipeSize, 1 << 20)
            }
        #endif
    }

    /// Linux's `F_SETPIPE_SZ`, which the C library shows only to GNU sources.
    private static let setPipeSize: Int32 = 1031

    /// The present size of a file, nil (and `errno`) when the system does not say.
    var size: off_t? {
        var status = stat()
        return unsafe fstat(number, &status) == 0 ? status.st_size : nil
    }

    /// Whether a file has nothing after the place where it is read.
    var isAtEndOfFile: Bool {
        guard let size else { return false }
        let place = lseek(number, 0, SEEK_CUR)
        return place >= 0 && place >= size
    }

    /// Whether it is a FIFO that was opened by its name.
    var isNamedPipe: Bool { number > 0 && isPipe }

    /// Whether it is a pipe, with or without a name.
    var isPipe: Bool {
        var status = stat()
        return unsafe fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    /// One `read(2)`.
    func read(into memory: UnsafeMutableRawBufferPointer) -> Int {
        unsafe Platform.read(number, memory.baseAddress, memory.count)
    }
}
