// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// Where a stream that a child prints to goes.
enum ChildProcessOutput: Sendable {
    /// A pipe that is read to its end.
    case collected
    /// A terminal of 100 columns, whose screen is collected.
    case terminal
    /// A pipe that nobody reads any more, as after `| head`.
    case readerGone
    /// A file or device, opened for writing.
    case file(String)
    /// No descriptor at all.
    case closed
}

/// A `posix_spawn` in the making. Foundation's `Process` is not used: it lets children inherit each other's pipes and the
/// ignored SIGPIPE of this process, and tells neither peak memory nor a closed stdin.
@safe
struct Spawning: ~Copyable {
    private var actions = unsafe posix_spawn_file_actions_t()
    private var given: [Int32] = []

    /// A write to a pipe without a reader shall fail here, not end the tests. Children get the default back.
    private static let brokenPipesAreErrors: Void = { _ = Foundation.signal(SIGPIPE, SIG_IGN) }()
    /// Held while a pipe is made and while a child starts: Swift does not see `pipe2`, so there is a moment in which a new
    /// pipe is not yet marked as closed in children, and none may start in it.
    private static let descriptors = Mutex(())

    init() {
        Self.brokenPipesAreErrors
        unsafe posix_spawn_file_actions_init(&actions)
    }

    deinit {
        for descriptor in given { Foundation.close(descriptor) }
        var actions = unsafe actions
        unsafe posix_spawn_file_actions_destroy(&actions)
    }

    mutating func open(_ path: String, as descriptor: Int32, flags: Int32) throws {
        try Self.check(unsafe posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o644), path)
    }

    mutating func close(_ descriptor: Int32) throws {
        try Self.check(unsafe posix_spawn_file_actions_addclose(&actions, descriptor), "close")
    }

    /// Makes a pipe to the child's stdin and returns its writing end.
    mutating func inputPipe() throws -> Int32 {
        let ends = try Self.pipe()
        try give(ends.reading, as: 0)
        return ends.writing
    }

    /// Makes the child's stdin the far side of a terminal that gives these bytes and is then gone: reading on is an error
    /// (EIO), not an end.
    mutating func inputThatFails(after bytes: [UInt8]) throws {
        let ends = try Self.terminal()
        defer { Foundation.close(ends.slave) }
        var mode = termios()
        unsafe tcgetattr(ends.slave, &mode)
        unsafe cfmakeraw(&mode)
        unsafe tcsetattr(ends.slave, TCSANOW, &mode)
        guard unsafe Foundation.write(ends.slave, bytes, bytes.count) == bytes.count else {
            throw HarnessError("terminal: error \(errno)")
        }
        try give(ends.master, as: 0)
    }

    /// Connects the child's stdout or stderr and returns the descriptor to read it from, -1 when there is none.
    mutating func connect(_ output: ChildProcessOutput, to descriptor: Int32) throws -> Int32 {
        switch output {
        case .collected:
            let ends = try Self.pipe()
            try give(ends.writing, as: descriptor)
            return ends.reading
        case .terminal:
            let ends = try Self.terminal()
            try give(ends.slave, as: descriptor)
            return ends.master
        case .readerGone:
            let ends = try Self.pipe()
            Foundation.close(ends.reading)
            try give(ends.writing, as: descriptor)
        case .file(let path): try open(path, as: descriptor, flags: O_WRONLY | O_CREAT | O_TRUNC)
        case .closed: try close(descriptor)
        }
        return -1
    }

    /// Starts the program with default signals and returns its identifier.
    mutating func start(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String],
        directory: String?
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.filter { !$0.value.isEmpty }
        // env changes the directory and becomes the program, under the same identifier.
        let command = directory.map { ["/usr/bin/env", "-C", $0] } ?? []
        var words = unsafe (command + [executable] + arguments).map { unsafe strdup($0) } + [nil]
        var settings = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (words + settings).forEach { unsafe free($0) } }
        // What libraries of this process open is not always marked as closed in children. A child that had it would keep
        // connections of other tests open, and take one of them for a descriptor that its user gave it.
        try closeOthers()
        var identifier: pid_t = 0
        let code = Self.descriptors.withLock { _ in
            unsafe posix_spawn(&identifier, command.first ?? executable, &actions, &attributes, &words, &settings)
        }
        try Self.check(code, "start \(executable)")
        return identifier
    }

    /// The child gets no descriptor but 0, 1 and 2. The C library has the call, Swift does not see it.
    private mutating func closeOthers() throws {
        typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
        guard let symbol = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
            throw HarnessError("the C library has no posix_spawn_file_actions_addclosefrom_np")
        }
        let closeFrom = unsafe unsafeBitCast(symbol, to: CloseFrom.self)
        try Self.check(unsafe closeFrom(&actions, 3), "closefrom")
    }

    private mutating func give(_ mine: Int32, as descriptor: Int32) throws {
        given.append(mine)
        try Self.check(unsafe posix_spawn_file_actions_adddup2(&actions, mine, descriptor), "dup2")
    }

    /// A pipe that no other child inherits.
    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        let code = descriptors.withLock { _ in
            let code = unsafe Foundation.pipe(&ends)
            for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return code
        }
        guard code == 0 else { throw HarnessError("pipe: error \(errno)") }
        return (ends[0], ends[1])
    }

    /// A pseudo terminal. The calls that name and unlock one are not visible to Swift, the requests under them are.
    private static func terminal() throws -> (master: Int32, slave: Int32) {
        let unlock: UInt = 0x4004_5431
        let getNumber: UInt = 0x8004_5430
        let master = unsafe Foundation.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0
        var number: Int32 = 0
        guard master >= 0, unsafe ioctl(master, unlock, &locked) == 0, unsafe ioctl(master, getNumber, &number) == 0
        else { throw HarnessError("terminal: error \(errno)") }
        let slave = unsafe Foundation.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw HarnessError("terminal: error \(errno)") }
        var size = winsize(ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
        _ = unsafe ioctl(slave, UInt(TIOCSWINSZ), &size)
        return (master, slave)
    }

    private static func check(_ code: Int32, _ what: String) throws {
        guard code == 0 else {
            throw HarnessError("\(what): \(unsafe String(cString: strerror(code)))")
        }
    }
}
